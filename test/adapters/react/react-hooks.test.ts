import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { launchChromium } from '../../support/launch-chromium.js';
import { type PageServer, servePages } from '../inspector/page-server.js';

const SPEED = 20;
const start = Date.now();
const beside = import.meta.url;
const REACT_18 = new URL('../../../tools/react-18/node_modules/', import.meta.url).pathname;
const reacts = {
  18: { react: `${REACT_18}react`, 'react-dom': `${REACT_18}react-dom` },
  19: {},
} as const;

let browser: Browser | undefined;
let emulator: Emulator;
const servers: Partial<Record<keyof typeof reacts, PageServer>> = {};

beforeAll(async () => {
  const [launched, eighteen, nineteen] = await Promise.all([
    launchChromium(),
    servePages(['job-app-page'], { beside, alias: reacts[18] }),
    servePages(['job-app-page', 'machine-app-page'], { beside }),
  ]);
  browser = launched;
  Object.assign(servers, { 18: eighteen, 19: nineteen });
  emulator = await startEmulator({
    clock: { now: () => start + (Date.now() - start) * SPEED },
    allowOrigins: [eighteen.origin, nineteen.origin],
  });
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await Promise.all([...Object.values(servers).map((server) => server.close()), emulator.close()]);
});

async function opened(browserOfTest: Browser, react: keyof typeof reacts, name: string) {
  const page = await browserOfTest.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const query = { api: emulator.baseUrl, key: emulator.apiKey, start: String(start), speed: String(SPEED) };
  await page.goto(`${servers[react]?.origin}/${name}?${new URLSearchParams(query)}`);
  await page.click('#run');
  return { page, complaints };
}

describe.each([18, 19] as const)('the hooks under React %s, in StrictMode', (react) => {
  test('show a job to its end, take an answer, and leave no listener behind', async ({ skip }) => {
    if (browser === undefined) return skip();
    const { page, complaints } = await opened(browser, react, 'job-app-page');
    await page.waitForSelector('#asks');
    expect(await page.textContent('#asks')).toBe('confirmed_titles');
    await page.waitForSelector('#jobs:text-is("1 jobs, 1 need you")');
    await page.fill('#answer', 'Lead');
    await page.click('#send');
    await page.waitForFunction(() => document.title !== '');
    const outcome: unknown = JSON.parse(await page.title());
    expect(outcome).toMatchObject({
      version: expect.stringMatching(new RegExp(`^${react}\\.`)),
      status: 'completed',
      path: 'completed',
      answers: [{ status: 'accepted' }],
      listeners: { during: 2, after: 0 },
    });
    // A view that were new at each look would render for ever.
    expect(Reflect.get(Object(outcome), 'renders')).toBeLessThan(200);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

test("@xstate/react's useMachine runs the machine of goal-lane/job in a browser build", async ({ skip }) => {
  if (browser === undefined) return skip();
  const { page, complaints } = await opened(browser, 19, 'machine-app-page');
  await page.waitForFunction(() => document.title !== '');
  expect(JSON.parse(await page.title())).toMatchObject({
    state: 'completed',
    result: { bytes: expect.any(Number) },
  });
  expect(complaints).toEqual([]);
});
