import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { fieldsOf } from '../../../src/adapters/inspector/visible.js';
import { launchChromium } from '../../support/launch-chromium.js';
import { type PageServer, servePages } from './page-server.js';
import { openReports, type ReportSocket } from './report-socket.js';

const SPEED = 20;
const start = Date.now();
const CONTENT = 'PLANTED-content-of-the-file';
const ANSWER = 'PLANTED-answer';

let browser: Browser | undefined;
let app: PageServer;
let reports: ReportSocket;
let emulator: Emulator;

beforeAll(async () => {
  [browser, app, reports] = await Promise.all([
    launchChromium(),
    servePages(['emulated-job-page']),
    openReports(),
  ]);
  emulator = await startEmulator({
    clock: { now: () => start + (Date.now() - start) * SPEED },
    allowOrigins: [app.origin],
  });
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await Promise.all([app.close(), reports.close(), emulator.close()]);
});

const query = (): URLSearchParams =>
  new URLSearchParams({
    api: emulator.baseUrl,
    key: emulator.apiKey,
    workflow: 'goal_lane.resume_tailor',
    content: CONTENT,
    answer: ANSWER,
    socket: reports.url('job'),
    start: String(start),
    speed: String(SPEED),
  });

describe('a job in a real browser, on a Blob, against the emulator over HTTP', () => {
  test('goes from upload over a checkpoint to its result, watched all the way, without a secret in a byte', async ({
    skip,
  }) => {
    if (browser === undefined) return skip();
    const page = await browser.newPage();
    await page.goto(`${app.origin}/emulated-job-page?${query()}`);
    await page.click('#run');
    await page.waitForFunction(() => document.title !== '');
    const outcome = fieldsOf(JSON.parse(await page.title()));
    expect(outcome).toMatchObject({ status: 'completed', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(outcome.bytes).toBeGreaterThan(0);
    await reports.ended('job');
    const texts = reports.texts('job');
    const states = texts.map((text) => JSON.stringify(fieldsOf(fieldsOf(JSON.parse(text)).snapshot).value));
    for (const state of [
      '{"preparing":"uploading"}',
      '{"preparing":"creating"}',
      '{"confirming":"sending"}',
      '{"slot_needed":"awaitingSlots"}',
      '{"downloading":"saving"}',
      '"completed"',
    ])
      expect(states).toContain(state);
    // Between two reads it may have gone on to the next: which of them saw it at work depends on the machine.
    expect(states.some((state) => /"(awaitingTurn|reading)"/.test(state))).toBe(true);
    const bytes = texts.join('\n');
    for (const secret of [
      emulator.apiKey,
      CONTENT,
      ANSWER,
      'PLANTED',
      'X-Amz',
      'Detected roles',
      emulator.storageUrl,
      'cv.txt',
    ])
      expect(bytes.includes(secret), secret).toBe(false);
    await page.close();
  }, 60_000);

  test('the emulator saw the very file once, and only calls of the API', ({ skip }) => {
    if (browser === undefined) return skip();
    const uploads = emulator.log.flatMap(({ effect }) => (effect?.type === 'uploaded' ? [effect.bytes] : []));
    expect(uploads).toEqual([CONTENT.length]);
    expect(emulator.log.filter(({ effect }) => effect?.type === 'created')).toHaveLength(1);
    expect(emulator.log.map(({ method }) => method)).not.toContain('OPTIONS');
    expect(emulator.log.filter(({ endpoint }) => endpoint === 'none')).toEqual([]);
  });
});
