import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/adapters/emulator/index.js';
import { blocksIn, programsOf } from '../docs/page-code.js';
import { type RunningProgram, readersFolder, runProgram } from './page-runner.js';

const PAGE = 'docs/guides/worker.md';

/** A queue that has an order in hand when the signal comes. */
const LATE_QUEUE = `async function* orders(signal: AbortSignal) {
  const order = (id: string, file: string) => ({ id, file, giveBack: () => console.log(id, 'given back') });
  yield order('order-1', 'report.pdf');
  console.log('between two orders');
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  yield order('order-2', 'letter.pdf');
  console.log('asked for one more');
}
`;

let emulator: Emulator;
let folder = '';
let source = '';
const running: RunningProgram[] = [];

beforeEach(async () => {
  emulator = await startEmulator({ speed: 20, plan: 'business' });
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-worker-'));
  await readersFolder(folder);
  source = programsOf(blocksIn(PAGE, await readFile(PAGE, 'utf8')))[0]?.source ?? '';
}, 30_000);

afterEach(async () => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL');
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(program: string): Promise<RunningProgram> {
  const started = await runProgram(folder, 'worker', program, emulator);
  running.push(started);
  return started;
}

describe('the worker of the guide', () => {
  it('ends in good order where the signal comes between two orders, and starts no more', async () => {
    const late = source.replace(/async function\* orders[\s\S]*?\n}\n/, LATE_QUEUE);
    expect(late).not.toBe(source);
    const worker = await run(late);
    while (!worker.printed().includes('between two orders'))
      await once(worker.child.stdout ?? worker.child, 'data');
    worker.child.kill('SIGTERM');
    expect([await worker.ended, worker.printed()]).toEqual([
      0,
      expect.stringContaining('order-2 given back'),
    ]);
    expect(worker.printed()).toContain('results/order-1/output.zip');
    expect(worker.printed()).not.toMatch(/Error|asked for one more|let go/);
    // The queue delivers both again.
    const next = await run(source);
    expect(await next.ended).toBe(0);
    expect(next.printed()).toMatch(/^resumed: 0\norder-2 .*results\/order-2\/output\.zip\n$/);
  }, 30_000);
});
