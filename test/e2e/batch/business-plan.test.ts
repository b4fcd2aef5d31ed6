import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plain } from '../unseen-server/scenario.js';
import { startUnseenServer } from '../unseen-server/unseen-server.js';
import { buildFastCli, fastCli, fastTime } from './fast-cli.js';

const LINES = 200;
/** Of the Business plan (Rate Limits). */
const MOST_AT_ONCE = 100;
const MOST_READS = 1_000;
const MINUTE_MS = 60_000;
const time = fastTime(20);

/** The most entries that lie within any minute. */
const mostInAMinute = (times: readonly number[]): number =>
  Math.max(0, ...times.map((at, index) => index - times.findIndex((from) => from > at - MINUTE_MS) + 1));

it('runs 200 lines through a server that it has never seen, within the limits of the Business plan', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'goal-lane-business-'));
  let mostAtOnce = 0;
  const server = await startUnseenServer({
    workflows: [plain],
    resultBytes: 2_000,
    // Its headers would show another plan.
    readings: { shownRateLimits: false },
    clock: time.now,
    meddle(_call, _nth, jobs) {
      const live = [...jobs.values()].filter(({ status }) => status !== 'completed' && status !== 'failed');
      mostAtOnce = Math.max(mostAtOnce, live.length);
    },
  });
  try {
    const cli = fastCli(await buildFastCli('business'), dir, server, time);
    const lines = Array.from({ length: LINES }, (_, at) => {
      writeFileSync(join(dir, `${at}.txt`), `text ${at}`);
      return `${plain.specId},${at}.txt,line-${at}`;
    });
    writeFileSync(join(dir, 'jobs.csv'), ['workflowId,files,id', ...lines].join('\n'));
    const { code, output } = await cli.live([
      'batch',
      'jobs.csv',
      '--plan',
      'business',
      '--json',
      '--out',
      'out',
    ]);
    expect(code, output.slice(-2_000)).toBe(0);
    const { log } = server;
    expect(log.violations).toEqual([]);
    expect([log.count('create'), server.jobs.size, log.count('upload')]).toEqual([LINES, LINES, LINES]);
    expect(mostAtOnce).toBeLessThanOrEqual(MOST_AT_ONCE);
    // Not one by one either.
    expect(mostAtOnce).toBeGreaterThan(MOST_AT_ONCE / 2);
    const reads = log.entries.filter(({ call }) => call === 'status').map(({ at }) => at);
    expect(mostInAMinute(reads)).toBeLessThanOrEqual(MOST_READS);
    const report = readFileSync(join(dir, 'out', 'batch-report.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const outcomes: Record<string, unknown>[] = report.map((line) => JSON.parse(line));
    expect(new Set(outcomes.map(({ jobSpecId }) => jobSpecId)).size).toBe(LINES);
    const right = new Set([...server.jobs.values()].map(({ sha256 }) => sha256));
    expect(outcomes.every(({ state, sha256 }) => state === 'completed' && right.has(String(sha256)))).toBe(
      true,
    );
  } finally {
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  }
}, 180_000);
