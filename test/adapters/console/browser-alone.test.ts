import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ConsoleOptions,
  type RunningConsole,
  startConsole,
} from '../../../src/adapters/console/index.js';
import { laneScene, plainWorkflow } from '../../engine/lane/lane-scene.js';
import { launchChromium } from '../../support/launch-chromium.js';
import { manyJobs, scrolledFrames } from '../../support/many-jobs.js';
import { axeInBoth, headline, startServe } from './console-scene.js';

let browser: Browser;
let folder = '';
let demo: { readonly child: ChildProcess; readonly url: string };
const open: RunningConsole[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-alone-'));
  const { CONVILYN_API_KEY: _, ...env } = process.env;
  const [launched, served] = await Promise.all([launchChromium(), startServe([], ['--port', '0'], env)]);
  if (launched === undefined) throw new Error('there is no browser for this machine');
  browser = launched;
  demo = served;
}, 90_000);
afterAll(async () => {
  await browser.close();
  demo.child.kill('SIGTERM');
  for (const served of open) await served.close();
  await rm(folder, { recursive: true, force: true });
});

async function serveMany(options: Partial<ConsoleOptions> = {}) {
  const { source, change, ask } = manyJobs(200);
  const about = { version: '0', isDemo: false, apiHost: 'none', store: 'none', outDir: folder };
  const served = await startConsole({ source, port: 0, uploadsDir: join(folder, 'up'), about, ...options });
  open.push(served);
  return { served, change, ask };
}

/** What has the focus, and that something has it. */
async function focused(page: Page): Promise<string> {
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  return page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
}

/** Tab by Tab to what is wanted, as somebody without a mouse goes. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`the keyboard does not lead to ${name}`);
}

test('without a key, and with the keyboard alone, samples go to a ZIP; every page says that it is a demo', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(20_000);
  await page.goto(demo.url);
  await page.getByText('Nothing has run yet.').waitFor();
  expect(await axeInBoth(page)).toEqual([]);
  await tabTo(page, 'Try it with sample files');
  await page.keyboard.press('Enter');
  await page.locator('.upload.done').nth(1).waitFor();
  await focused(page);
  await tabTo(page, 'Start');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/jobs\//);
  await focused(page);
  await page.getByRole('heading', { name: 'The result', exact: true }).waitFor({ timeout: 40_000 });
  await focused(page);
  await tabTo(page, 'Download');
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(download.suggestedFilename()).toMatch(/\.zip$/);
  // What is offered after the end stays: a job that runs may end under the fingers.
  await tabTo(page, 'Remove from this list');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  expect(await axeInBoth(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('Remove from this list');
  await page.getByRole('tab', { name: 'Chart' }).click();
  await page.locator('g.is-now').waitFor();
  const entered: string[] = await page.evaluate(async () => {
    const history = location.pathname.replace('/jobs/', '/api/jobs/');
    const answer = await fetch(`${history}/history`, { headers: { 'x-goal-lane': '1' } });
    const { entries } = await answer.json();
    return entries.flatMap(({ about }: { about: { path?: string } }) => about.path ?? []);
  });
  expect(entered).toContain('executing.reading');
  // The page reads the history again when its last lines are stored.
  const unmarked = async (): Promise<string[]> => {
    const walked = await page
      .locator('g.is-walked > title, g.is-now > title')
      .evaluateAll((titles) => titles.map(({ textContent }) => textContent?.split(':')[0] ?? ''));
    return entered.filter((path) => !walked.some((name) => path.startsWith(name)));
  };
  await expect.poll(unmarked).toEqual([]);
  for (const path of ['', 'run', 'run/goal_lane.cover_letter', 'limits', 'settings']) {
    await page.goto(new URL(path, demo.url).href);
    await page.getByText('Demo: nothing leaves this machine.').waitFor();
  }
  await page.close();
}, 60_000);

test('the first paint is there within a second', async () => {
  const times: number[] = [];
  const best = (): number => Math.min(...times);
  // The best: other test files run on the same cores. The benchmark measures the median, with nothing beside it.
  for (let round = 0; round < 8 && !(best() < 1_000); round += 1) {
    const page = await browser.newPage();
    await page.goto(demo.url);
    await page.locator('h1').waitFor();
    times.push(
      // The heading is in the document before it is painted, and the entry comes after the paint.
      await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            new PerformanceObserver((list, observer) => {
              const [paint] = list.getEntriesByName('first-contentful-paint');
              if (paint === undefined) return;
              observer.disconnect();
              resolve(paint.startTime);
            }).observe({ type: 'paint', buffered: true });
          }),
      ),
    );
    await page.close();
  }
  expect(best()).toBeLessThan(1_000);
});

test('of two hundred jobs forty change five times a second: the row under the pointer stays, frames are short', async () => {
  const { served, change, ask } = await serveMany();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(served.url);
  await page.locator('.row').nth(199).waitFor();
  const row = page.locator('.row').nth(5);
  await row.hover();
  const place = async () => [await row.getAttribute('data-job'), (await row.boundingBox())?.y];
  const before = await place();
  const changing = setInterval(() => change(40), 200);
  await page.waitForFunction(() => document.querySelectorAll('.row progress[value="2"]').length > 0);
  expect(await place()).toEqual(before);
  // The others change their places too, and not before the pointer has left.
  ask(40);
  await page.getByText('40 jobs need you').waitFor();
  expect(await place()).toEqual(before);
  await page.mouse.move(0, 0);
  await page.locator('.row').first().getByText('Look').waitFor();
  const inspected = await page.context().newCDPSession(page);
  const heap = async (): Promise<number> => {
    await inspected.send('HeapProfiler.collectGarbage');
    return (await inspected.send('Runtime.getHeapUsage')).usedSize;
  };
  // Of the page's own thread: what else runs on the machine adds nothing to it.
  await inspected.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async (): Promise<number> => {
    const { metrics } = await inspected.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  const held = await heap();
  const startedAt = await worked();
  const { frames } = await page.evaluate(scrolledFrames, 2_000);
  // A busy machine shows fewer frames, and the jobs change as often.
  const perFrame = ((await worked()) - startedAt) / Math.max(frames.length, 60);
  expect((await heap()) - held).toBeLessThan(10 * 2 ** 20);
  clearInterval(changing);
  // How long frames take is measured by the benchmark; here that the page's part of one is small.
  expect(perFrame).toBeGreaterThan(0);
  expect(perFrame).toBeLessThan(25);
  await page.close();
});

test('however long nobody decides, nothing is created twice; the three choices stay', async () => {
  const api = laneScene({ workflows: [plainWorkflow('wf', 1_000)] });
  api.model.faults.add({ on: 'create', fault: { kind: 'reset', when: 'after' }, times: 1 });
  const lane = api.lane();
  const job = lane.start({ id: 'lost', workflowId: 'wf', files: ['a.txt'] });
  await api.clock.runUntil(() => job.view().needs === 'decision');
  const { served } = await serveMany({ source: lane });
  const page = await browser.newPage();
  await page.goto(`${served.url}jobs/lost`);
  await page.getByText('Was it started, or not?').waitFor();
  await api.clock.advance(60_000);
  expect(api.count('create')).toBe(1);
  for (const name of ['Follow it', 'Start again', 'Leave it'])
    await page.getByRole('button', { name }).waitFor();
  await expect.poll(() => page.title()).toMatch(/^\(1\) /);
  await page.getByRole('button', { name: 'Leave it' }).click();
  await headline(page, /^Left open: /).waitFor();
  await api.clock.advance(60_000);
  expect(api.count('create')).toBe(1);
  await page.close();
  await lane.close();
});

test('a page of another origin gets nothing done and reads nothing, whatever it tries', async () => {
  const { served } = await serveMany();
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>evil</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Boundary: it listens on a port.
  const { port } = server.address() as AddressInfo;
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  const statuses: number[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith(served.url)) statuses.push(response.status());
  });
  const tried = await page.evaluate(async (target) => {
    const body = '{"id":"x","attach":"job_1"}';
    const json = { 'Content-Type': 'application/json', 'X-Goal-Lane': '1' };
    const read = (url: string, init?: RequestInit) =>
      fetch(url, init).then(
        async (answer) => (answer.type === 'opaque' ? 'opaque' : await answer.text()),
        () => 'refused',
      );
    const element = (tag: 'img' | 'script') =>
      new Promise<string>((resolve) => {
        const made = document.createElement(tag);
        made.onload = () => resolve('loaded');
        made.onerror = () => resolve('refused');
        made.src = `${target}api/jobs`;
        document.body.append(made);
      });
    const events = new EventSource(`${target}api/events`);
    const stream = new Promise<string>((resolve) => {
      events.addEventListener('reset', () => resolve('read'));
      events.onerror = () => resolve('refused');
    });
    const results = await Promise.all([
      read(`${target}api/jobs`, { method: 'POST', body }),
      read(`${target}api/jobs`, { method: 'POST', body, headers: json }),
      read(`${target}api/jobs`, { method: 'POST', body, mode: 'no-cors' }),
      read(`${target}api/jobs`),
      element('img'),
      element('script'),
      stream,
    ]);
    events.close();
    const form = document.createElement('form');
    form.method = 'post';
    form.enctype = 'text/plain';
    form.action = `${target}api/jobs`;
    document.body.append(form);
    setTimeout(() => form.submit());
    return results;
  }, served.url);
  expect(tried.filter((outcome) => !['refused', 'opaque'].includes(outcome))).toEqual([]);
  await page.waitForURL(`${served.url}api/jobs`);
  expect(await page.content()).not.toContain('many-');
  expect(statuses.length).toBeGreaterThan(0);
  expect(statuses.every((status) => status >= 400)).toBe(true);
  await page.close();
  server.close();
});

test('the token of the link opens the page, and is in no address, title or referrer afterwards', async () => {
  const token = 'a-token-of-more-than-22-characters';
  const { served } = await serveMany({ host: '0.0.0.0', token });
  const page = await browser.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url(), request.headers().referer ?? ''));
  await page.goto(`http://127.0.0.1:${served.port}/#token=${token}`);
  await page.getByText('Connected', { exact: true }).waitFor();
  const rest = await page.evaluate(() => [location.href, document.title, document.referrer]);
  await page.goBack();
  rest.push(page.url());
  await page.goForward();
  rest.push(page.url());
  // A fragment is not sent.
  expect([...rest, ...asked.map((url) => url.split('#')[0])].join(' ')).not.toContain(token);
  await page.close();
});
