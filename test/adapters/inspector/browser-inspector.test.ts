import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createActor, createMachine } from 'xstate';
import { createSocketInspector } from '../../../src/adapters/inspector/node.js';
import { fieldsOf } from '../../../src/adapters/inspector/visible.js';
import { launchChromium } from '../../support/launch-chromium.js';
import { type PageServer, servePages } from './page-server.js';
import { MARK, runPlanted, scenarios } from './planted-job.js';
import { openReports, type ReportSocket } from './report-socket.js';

const turning = createMachine({
  initial: 'here',
  states: {
    here: { on: { TURN: 'there', END: 'completed' } },
    there: { on: { TURN: 'here', END: 'completed' } },
    completed: {},
  },
});

let browser: Browser | undefined;
let app: PageServer;
let elsewhere: PageServer;
let reports: ReportSocket;

beforeAll(async () => {
  [browser, app, elsewhere, reports] = await Promise.all([
    launchChromium(),
    servePages(['job-page', 'receiver-page']),
    servePages(['receiver-page']),
    openReports(),
  ]);
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await Promise.all([app.close(), elsewhere.close(), reports.close()]);
});

const receiver = (name: string, more: Record<string, string> = {}): string =>
  `${elsewhere.origin}/receiver-page?${new URLSearchParams({ report: reports.url(name), ...more })}`;

async function runJob(page: Page, query: Record<string, string>): Promise<void> {
  await page.goto(`${app.origin}/job-page?${new URLSearchParams(query)}`);
  await page.click('#run');
  await page.waitForFunction(() => document.title === 'completed');
}

/** What a receiver must have received of the whole job, and what not. */
function expectWholeJob(texts: readonly string[]): void {
  const messages = texts.map((text) => fieldsOf(JSON.parse(text)));
  const states = messages.map(({ snapshot }) => JSON.stringify(fieldsOf(snapshot).value));
  expect(messages[0]).toMatchObject({ type: '@xstate.actor', name: 'the-job', _version: '0.7.2' });
  expect(messages[0]?.definition).toContain('"awaitingSlots"');
  for (const state of ['{"preparing":"rateLimited"}', '{"slot_needed":"awaitingSlots"}', '"completed"'])
    expect(states).toContain(state);
  expect(texts.join('\n').toUpperCase().includes(MARK)).toBe(false);
}

describe('a job in a real browser, watched', () => {
  test('over a real WebSocket', async ({ skip }) => {
    if (browser === undefined) return skip();
    const page = await browser.newPage();
    await runJob(page, { by: 'socket', socket: reports.url('socket') });
    await reports.ended('socket');
    expectWholeJob(reports.texts('socket'));
    await page.close();
  });

  test("in a window of another origin, by the receiver of Stately's own library", async ({ skip }) => {
    if (browser === undefined) return skip();
    const page = await browser.newPage();
    await runJob(page, { by: 'window', inspector: receiver('window'), origin: elsewhere.origin });
    await reports.ended('window');
    expectWholeJob(reports.texts('window'));
    await page.close();
  });

  test('again in full after the window was reloaded', async ({ skip }) => {
    if (browser === undefined) return skip();
    const page = await browser.newPage();
    const popup = page.waitForEvent('popup');
    await runJob(page, { by: 'window', inspector: receiver('before'), origin: elsewhere.origin });
    await reports.ended('before');
    await (await popup).goto(receiver('after'));
    await reports.ended('after');
    expectWholeJob(reports.texts('after'));
    await page.close();
  });

  test('on a channel, by a page of the same origin that came late', async ({ skip }) => {
    if (browser === undefined) return skip();
    const context = await browser.newContext();
    await runJob(await context.newPage(), { by: 'channel' });
    const late = await context.newPage();
    const query = new URLSearchParams({ report: reports.url('channel'), channel: 'jobs' });
    await late.goto(`${app.origin}/receiver-page?${query}`);
    await reports.ended('channel');
    expectWholeJob(reports.texts('channel'));
    await context.close();
  });

  test('a window that went to another origin receives nothing', async ({ skip }) => {
    if (browser === undefined) return skip();
    const page = await browser.newPage();
    const popup = page.waitForEvent('popup');
    await runJob(page, { by: 'window', inspector: receiver('stranger'), origin: 'https://stately.ai' });
    // The stranger is there and listens: it hears what is posted to it, so a leak would have been heard before it.
    const probe = { type: '@xstate.event', _version: '0', event: { type: 'probe' } };
    await (await popup).waitForLoadState();
    const heard = async (): Promise<number> => {
      await page.evaluate((message) => window.open('', 'xstateinspector')?.postMessage(message, '*'), probe);
      return reports.texts('stranger').length;
    };
    await expect.poll(heard).toBeGreaterThan(0);
    expect(new Set(reports.texts('stranger'))).toEqual(new Set([JSON.stringify(probe)]));
    await page.close();
  });
});

describe('the page of the socket inspector, in a real browser', () => {
  test('shows the job by itself, and hands it to the Stately inspector only when asked to', async ({
    skip,
  }) => {
    if (browser === undefined) return skip();
    const scenario = scenarios['a job to its saved result'];
    if (scenario === undefined) throw new Error('the scenario is gone');
    const inspector = await createSocketInspector({ statelyUrl: receiver('page') });
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(inspector.url);
    await runPlanted(scenario, inspector.inspect);
    await page.waitForFunction(() => document.querySelector('.state')?.textContent === 'completed');
    expect(await page.locator('section').textContent()).toContain('SUBMIT_SLOTS');
    expect((await page.content()).toUpperCase().includes(MARK)).toBe(false);
    expect([...new Set(asked)]).toEqual([new URL(inspector.url).origin]);
    expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
    await page.click('#stately');
    await reports.ended('page');
    expectWholeJob(reports.texts('page'));
    await inspector.close();
    await page.getByText('has ended').waitFor();
    await page.close();
  });

  test('hands over the chart of every job, however much has happened since', async ({ skip }) => {
    if (browser === undefined) return skip();
    const inspector = await createSocketInspector({ statelyUrl: receiver('many') });
    const page = await browser.newPage();
    await page.goto(inspector.url);
    const start = (id: string) => createActor(turning, { id, inspect: inspector.inspect }).start();
    const first = start('first');
    for (let turn = 0; turn < 110; turn += 1) first.send({ type: 'TURN' });
    const second = start('second');
    for (let turn = 0; turn < 950; turn += 1) second.send({ type: 'TURN' });
    second.send({ type: 'END' });
    await page.waitForFunction(() => document.body.textContent?.includes('completed'));
    await page.click('#stately');
    await reports.ended('many');
    const reported = reports.texts('many').map((text) => fieldsOf(JSON.parse(text)));
    const charts = reported.filter(({ type }) => type === '@xstate.actor');
    expect(charts.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(reported.length).toBeLessThan(2_100);
    await inspector.close();
    await page.close();
  });
});
