import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator } from 'goal-lane/emulator';

const JOBS = 20;
const folder = await mkdtemp(join(tmpdir(), 'example-lane-'));
const [inbox, outbox] = [join(folder, 'in'), join(folder, 'out')];
const emulator = await startEmulator({ plan: 'business', speed: 1.2 });
const env = { ...process.env, CONVILYN_API_KEY: emulator.apiKey, CONVILYN_BASE_URL: emulator.baseUrl };
let worker;

after(async () => {
  worker?.kill('SIGKILL');
  await emulator.close();
  await rm(folder, { recursive: true });
});

/** Starts the worker, and ends it as a power cut does once `isTime` says so. */
async function work(isTime) {
  worker = spawn(process.execPath, ['worker.js', inbox, outbox], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(worker, 'exit');
  while (!(await isTime())) {
    if (worker.exitCode !== null) break;
    await sleep(50);
  }
  worker.kill('SIGKILL');
  const [code, signal] = await exited;
  return signal ?? code;
}

const created = () => emulator.log.filter(({ effect }) => effect?.type === 'created').length;
/** A job that is confirmed has heard of its creation: until then, a kill may leave it to a person whether there is one. */
const confirmed = () =>
  emulator.log.filter(({ endpoint, status }) => endpoint === 'confirm' && status === 202).length;

async function saved() {
  const files = await readdir(outbox, { recursive: true }).catch(() => []);
  return files.filter((file) => file.endsWith('.zip'));
}

test('twenty jobs outlive two SIGKILLs, and each is created once', async () => {
  await mkdir(inbox);
  for (let index = 0; index < JOBS; index += 1)
    await writeFile(join(inbox, `report-${index}.txt`), `Report ${index}`);

  assert.equal(await work(() => confirmed() === JOBS), 'SIGKILL');
  assert.ok((await saved()).length < JOBS);
  assert.equal(await work(async () => (await saved()).length >= 1), 'SIGKILL');
  assert.equal(await work(() => false), 0);

  const results = await saved();
  assert.equal(results.length, JOBS);
  assert.equal(new Set(results.map((file) => file.split('/')[0])).size, JOBS);
  assert.equal(created(), JOBS);
  assert.equal(emulator.log.filter(({ status }) => status === 429).length, 0);
});
