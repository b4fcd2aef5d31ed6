import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, expectTypeOf, test, vi } from 'vitest';
import type { ConsoleSource } from '../../../src/adapters/console/index.js';
import { questionKey } from '../../../src/adapters/console/wire/events.js';
import type { JobRow } from '../../../src/adapters/console/wire/row.js';
import type { EmulatedWorkflow } from '../../../src/adapters/emulator/model/workflow.js';
import {
  createGoalWorker,
  type FleetClient,
  type GoalWorker,
  registerWorker,
} from '../../../src/adapters/restate/index.js';
import { type Fleet, startFleet } from '../../support/fleet.js';
import { rawRequest } from './console-site.js';

/** Asks before it runs, so that nothing waits for a read of the status. */
const asking: EmulatedWorkflow = {
  specId: 'asking',
  name: 'Asking',
  description: '',
  supportedInputFormats: ['txt'],
  requiredSlots: [{ slotId: 'tone', type: 'text' }],
  maxInputSizeBytes: 1_000_000,
  minFileCount: 1,
  execution: { durationMs: 1_000 },
};

let fleet: Fleet;
let worker: GoalWorker;
let child: ChildProcess;
let folder = '';
let origin = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-fleet-console-'));
  fleet = await startFleet({ speed: 20, workflows: [asking] });
  const { engine, emulator, out } = fleet;
  worker = createGoalWorker({
    keys: { default: emulator.apiKey },
    baseUrl: emulator.baseUrl,
    results: out,
    ingress: engine.ingress,
  });
  const { url } = await worker.listen({ port: 0 });
  await registerWorker({ admin: engine.admin, url });
  const flags = ['--ingress', engine.ingress, '--admin', engine.admin, '--uploads', folder];
  const { CONVILYN_API_KEY: _, ...env } = process.env;
  child = spawn(
    process.execPath,
    ['dist/adapters/cli/main.js', 'serve', '--port', '0', '--no-open', ...flags],
    { env },
  );
  origin = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (data) => resolve(String(data).trim().replace(/\/$/, '')));
    child.once('exit', () => reject(new Error('the console ended')));
  });
}, 60_000);
afterAll(async () => {
  child.kill('SIGKILL');
  await worker.close();
  await fleet.close();
  await rm(folder, { recursive: true, force: true });
});

const ask = (method: string, path: string, body?: unknown) =>
  rawRequest(origin, path, {
    method,
    headers: { Origin: origin, 'X-Goal-Lane': '1', 'Content-Type': 'application/json' },
    ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
  });
const until = (id: string, wanted: (row: JobRow) => boolean): Promise<JobRow> =>
  vi.waitFor(
    async () => {
      const { job }: { job?: JobRow } = JSON.parse((await ask('GET', `/api/jobs/${id}`)).text);
      if (job === undefined || !wanted(job)) throw new Error(`${id} is in ${job?.view.path}`);
      return job;
    },
    { timeout: 40_000, interval: 100 },
  );

const creates = (): number => fleet.emulator.log.filter(({ effect }) => effect?.type === 'created').length;

test('a client of a fleet is what a console stands on', () => {
  expectTypeOf<FleetClient>().toExtend<ConsoleSource>();
});

test('serve --ingress runs, answers and ends a job on the workers, without a key of its own', async () => {
  const { workflows } = JSON.parse((await ask('GET', '/api/workflows')).text);
  expect(workflows.length).toBeGreaterThan(0);
  const upload = await rawRequest(origin, '/api/uploads/cv', {
    method: 'PUT',
    headers: {
      ...{ Origin: origin, 'X-Goal-Lane': '1', 'Content-Type': 'application/octet-stream' },
      ...{ 'X-File-Name': 'cv.txt', 'Content-Length': '6' },
    },
    body: 'a life',
  });
  expect(upload.status).toBe(201);
  const press = { id: 'pressed', workflowId: 'asking', uploads: ['cv'] };
  expect((await ask('POST', '/api/jobs', press)).status).toBe(201);
  expect((await ask('POST', '/api/jobs', press)).status).toBe(200);

  // Somebody watches, so that the list is looked at.
  const watching = new AbortController();
  const stream = await fetch(`${origin}/api/events`, { signal: watching.signal });
  const { view } = await until('pressed', (row) => row.view.needs === 'slots');
  const question = view.needs === 'slots' ? questionKey(view.request) : '';
  const answer = await ask('POST', '/api/jobs/pressed/answer', {
    question,
    slots: [['tone', 'calm']],
  });
  expect(JSON.parse(answer.text)).toEqual({ status: 'accepted' });
  const done = await until('pressed', (row) => row.view.state === 'completed');
  expect(done.view.files.map(({ handle }) => handle)).toEqual(['cv.txt']);
  const result = await rawRequest(origin, '/api/jobs/pressed/result');
  expect([result.status, result.text.slice(0, 2)]).toEqual([200, 'PK']);
  const { entries } = JSON.parse((await ask('GET', '/api/jobs/pressed/history')).text);
  const types = entries.map(({ type }: { type: string }) => type);
  expect(types).toEqual(expect.arrayContaining(['created', 'inputNeeded', 'completed']));
  const seqs = entries.map(({ seq }: { seq: number }) => seq);
  expect(seqs).toEqual([...new Set<number>(seqs)].sort((a, b) => a - b));
  // The chart of the page is drawn from these.
  const walked = entries.flatMap(({ about }: { about: { path?: string } }) => about.path ?? []);
  const way = ['preparing.uploading', 'preparing.creating', 'pending.awaitingSlots', 'pending.filling'];
  expect(walked.filter((path: string) => way.includes(path))).toEqual(way);
  expect(walked.at(-1)).toBe('completed');
  expect(entries.every(({ at }: { at: number }) => at > 1e12)).toBe(true);
  // The workers send them: there are some, and this page knows none.
  expect(JSON.parse((await ask('GET', '/api/jobs/pressed/requests')).text)).toEqual({ requests: null });
  expect(creates()).toBe(1);
  expect((await ask('DELETE', '/api/jobs/pressed')).status).toBe(200);
  expect((await ask('GET', '/api/jobs/pressed')).status).toBe(404);
  expect((await ask('POST', '/api/jobs/nobody/detach')).status).toBe(404);
  // The engine remembers that it was started.
  expect((await ask('POST', '/api/jobs', { ...press, uploads: [] })).status).toBe(201);
  expect(creates()).toBe(1);
  watching.abort();
  await stream.body?.cancel().catch(() => undefined);
});

test('a detached job of the workers is followed again, and not forgotten while it runs', async () => {
  await rawRequest(origin, '/api/uploads/again', {
    method: 'PUT',
    headers: {
      ...{ Origin: origin, 'X-Goal-Lane': '1', 'Content-Type': 'application/octet-stream' },
      ...{ 'X-File-Name': 'cv.txt', 'Content-Length': '6' },
    },
    body: 'a life',
  });
  const before = creates();
  await ask('POST', '/api/jobs', { id: 'left', workflowId: 'asking', uploads: ['again'] });
  const { view } = await until('left', (row) => row.view.needs === 'slots');
  expect((await ask('DELETE', '/api/jobs/left')).status).toBe(409);
  expect((await ask('POST', '/api/jobs/left/detach')).status).toBe(202);
  await until('left', (row) => row.view.state === 'detached');
  const resumed = await ask('POST', '/api/jobs/left/resume');
  expect(resumed.status).toBe(202);
  const { id }: { id: string } = JSON.parse(resumed.text);
  const followed = await until(id, (row) => row.view.needs === 'slots');
  expect([followed.view.jobSpecId, creates()]).toEqual([view.jobSpecId, before + 1]);
  expect((await ask('GET', '/api/jobs/left')).status).toBe(404);
});
