import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { createFakeIo } from './fake-io.js';

let folder = '';
let emulator: Emulator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'goal-lane-folder-'));
  emulator = await startEmulator({ speed: 500 });
  writeFileSync(join(folder, 'a.txt'), 'a');
  const line = { workflowId: 'goal_lane.resume_tailor', files: ['a.txt'], id: 'line' };
  writeFileSync(join(folder, 'jobs.jsonl'), JSON.stringify(line));
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);

async function run(...argv: string[]) {
  const env = { CONVILYN_API_KEY: emulator.apiKey, CONVILYN_BASE_URL: emulator.baseUrl };
  const fake = createFakeIo({ ...env, GOAL_LANE_STORE: at('jobs.db') });
  const code = await runCli([...argv, '--no-input', '--json'], fake.io);
  const last: Record<string, unknown> = JSON.parse(fake.stdout().trim().split('\n').at(-1) ?? '{}');
  return { code, last };
}

it('a job is resumed into the folder that its command was given, unless another one is given', async () => {
  const tailor = ['run', 'goal_lane.resume_tailor', at('a.txt'), '--out', at('chosen')];
  const [ran, batched, moved] = await Promise.all([
    run(...tailor),
    run('batch', at('jobs.jsonl'), '--out', at('results')),
    run(...tailor),
  ]);
  expect([ran.code, batched.code, moved.code]).toEqual([3, 3, 3]);
  const slot = ['--slot', 'confirmed_titles=all'];
  const [same, line, elsewhere] = await Promise.all([
    run('resume', String(ran.last.id), ...slot),
    run('resume', 'line', ...slot),
    run('resume', String(moved.last.id), ...slot, '--out', at('elsewhere')),
  ]);
  expect([same.last.file, line.last.file, elsewhere.last.file]).toEqual([
    at('chosen/output.zip'),
    at('results/line/output.zip'),
    at('elsewhere/output.zip'),
  ]);
  expect(existsSync(at('results/line/output.zip'))).toBe(true);
});
