import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWebSocketReceiver } from '@statelyai/inspect';
import { expect, test } from 'vitest';
import { startEmulator } from '../../../src/adapters/emulator/index.js';
import { createSocketInspector } from '../../../src/adapters/inspector/node.js';
import { fieldsOf } from '../../../src/adapters/inspector/visible.js';
import { runGoalJob } from '../../../src/adapters/node/index.js';
import { virtualTime } from '../../support/fast-clock.js';

const CONTENT = 'PLANTED-content-of-the-file';
const ANSWER = 'PLANTED-answer';

test('a job on a file on disk, against the emulator over HTTP, is watched by the receiver of Stately from start to end', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'goal-lane-inspector-'));
  const file = join(directory, 'PLANTED-cv.txt');
  await writeFile(file, CONTENT);
  const clock = virtualTime();
  const emulator = await startEmulator({ clock });
  const inspector = await createSocketInspector();
  const texts: string[] = [];
  const ended = new Promise<void>((resolve) => {
    createWebSocketReceiver({ server: inspector.socketUrl }).subscribe((event) => {
      texts.push(JSON.stringify(event));
      if (event.type === '@xstate.snapshot' && fieldsOf(event.snapshot).value === 'completed') resolve();
    });
  });
  const job = runGoalJob({
    apiKey: emulator.apiKey,
    baseUrl: emulator.baseUrl,
    workflowId: 'goal_lane.resume_tailor',
    files: [file],
    answers: { confirmed_titles: ANSWER },
    outDir: directory,
    clock,
    inspect: inspector.inspect,
  });
  expect(await job.result()).toMatchObject({ status: 'completed' });
  await ended;
  const bytes = texts.join('\n');
  for (const state of ['uploading', 'creating', 'sending', 'reading', 'filling', 'locating', 'saving'])
    expect(bytes.includes(`":"${state}"`), state).toBe(true);
  for (const secret of [
    emulator.apiKey,
    'PLANTED',
    'X-Amz',
    'Detected roles',
    emulator.storageUrl,
    directory,
  ])
    expect(bytes.includes(secret), secret).toBe(false);
  await inspector.close();
  await emulator.close();
  await rm(directory, { recursive: true });
});
