import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, type LogEntry, startEmulator } from '../../../src/adapters/emulator/index.js';
import { seededRandom } from '../../../src/adapters/emulator/model/seeded-random.js';
import { openSqliteStore } from '../../../src/engine/store/index.js';
import { sha256Of } from './batch-site.js';
import { buildFastCli, type Ending, type FastCli, fastCli, fastTime } from './fast-cli.js';

const KILLS = Number(process.env.GOAL_LANE_KILLS ?? 24);
const LINES = 20;
/** Real ms after its first request or write within which a process is killed. */
const WITHIN_MS = 300;
const SEED = Number(process.env.GOAL_LANE_SEED ?? Date.now() % 1e9);
const OUTCOME_UNKNOWN = 6;
/** A job lasts for several lives of the command: were time faster, the batch would be done before the last kill. */
const time = fastTime(5);

let emulator: Emulator;
let dir = '';
let cli: FastCli;

beforeAll(async () => {
  const bundle = await buildFastCli('sigkill');
  emulator = await startEmulator({
    clock: time,
    plan: { createsPerDay: 1e6, statusReadsPerMinute: 1e6, concurrentJobs: 20 },
  });
  dir = mkdtempSync(join(tmpdir(), 'goal-lane-kills-'));
  cli = fastCli(bundle, dir, emulator, time);
}, 60_000);

afterAll(async () => {
  await emulator.close();
  rmSync(dir, { recursive: true, force: true });
});

const created = (): (LogEntry & { effect: { type: 'created'; jobSpecId: string } })[] =>
  emulator.log.flatMap((entry) =>
    entry.effect?.type === 'created' ? [{ ...entry, effect: entry.effect }] : [],
  );

/** It is unknown whether a create was acted upon whose process died: a person looks into the account. */
async function decideUnknown(): Promise<void> {
  const store = await openSqliteStore({ path: join(dir, 'jobs.db') });
  const { records } = await store.list();
  await store.close();
  const known = new Set(records.map(({ jobSpecId }) => jobSpecId));
  const lost = created().filter(({ effect }) => !known.has(effect.jobSpecId));
  for (const { id } of records.filter(({ jobSpecId }) => jobSpecId === undefined)) {
    const found = lost.shift()?.effect.jobSpecId;
    const decision = found === undefined ? ['--retry'] : ['--adopt', found];
    await cli.live(['resume', id, ...decision, '--no-input', '--out', join('out', id)]);
  }
}

it(`ends a batch of ${LINES} under ${KILLS} SIGKILLs with one create a line (seed ${SEED})`, async () => {
  console.log(`seed ${SEED}`);
  const random = seededRandom(SEED);
  const lines = Array.from({ length: LINES }, (_, at) => {
    writeFileSync(join(dir, `${at}.txt`), `the text of ${at}\n`);
    const slots = { target_language: 'de' };
    return JSON.stringify({
      workflowId: 'goal_lane.translation',
      files: [`${at}.txt`],
      id: `line-${at}`,
      slots,
    });
  });
  writeFileSync(join(dir, 'jobs.jsonl'), lines.join('\n'));
  mkdirSync(join(dir, 'out'));
  const batch = ['batch', 'jobs.jsonl', '--out', 'out', '--concurrency', '2', '--json', '--no-input'];
  const delays = Array.from({ length: KILLS }, () => Math.floor(random() * WITHIN_MS));
  const endings: Ending[] = [];
  for (const delay of delays) endings.push(await cli.live(batch, delay));
  const killed = endings.filter(({ signal }) => signal === 'SIGKILL').length;
  let last = await cli.live(batch);
  for (let tries = 0; last.code === OUTCOME_UNKNOWN && tries < 5; tries += 1) {
    await decideUnknown();
    last = await cli.live(batch);
  }
  expect(last.code, last.output.slice(-2_000)).toBe(0);
  // Each kill fell into the work, or else it proves nothing.
  expect(killed).toBeGreaterThanOrEqual(Math.floor(KILLS * 0.9));
  expect(created()).toHaveLength(LINES);
  expect(emulator.log.filter(({ status }) => status === 429)).toEqual([]);
  const report = readFileSync(join(dir, 'out', 'batch-report.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const outcomes: Record<string, unknown>[] = report.map((line) => JSON.parse(line));
  expect(outcomes.map(({ id }) => id)).toEqual(lines.map((_, at) => `line-${at}`));
  for (const { id, state, file, sha256, jobSpecId } of outcomes) {
    expect(state).toBe('completed');
    expect(sha256Of(String(file))).toBe(sha256);
    expect(readdirSync(join(dir, 'out', String(id))).filter((name) => !name.startsWith('.'))).toHaveLength(1);
    expect(created().map(({ effect }) => effect.jobSpecId)).toContain(jobSpecId);
  }
}, 180_000);
