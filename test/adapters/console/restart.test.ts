import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openAnswerBook } from '../../../src/adapters/console/server/answer-book.js';
import { questionKey } from '../../../src/adapters/console/wire/events.js';
import type { JobRow } from '../../../src/adapters/console/wire/row.js';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { BUILT_IN_WORKFLOWS } from '../../../src/adapters/emulator/model/built-in-workflows.js';
import type { EmulatedWorkflow } from '../../../src/adapters/emulator/model/workflow.js';
import { openJobStore } from '../../../src/engine/store/index.js';
import { type ConsoleSite, openSite } from './console-site.js';

const long: EmulatedWorkflow = {
  specId: 'long',
  name: 'Long',
  description: '',
  supportedInputFormats: ['txt'],
  requiredSlots: [],
  maxInputSizeBytes: 1_000_000,
  minFileCount: 1,
  execution: { durationMs: 3_600_000, steps: ['working'] },
};

let folder = '';
let emulator: Emulator;
let site: ConsoleSite;
const children: ReturnType<typeof spawn>[] = [];

/** A console of its own on the one store file, as after a restart. */
const open = async (): Promise<ConsoleSite> =>
  openSite({}, { emulator, folder, store: await openJobStore({ path: join(folder, 'jobs.db') }) });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-restart-'));
  emulator = await startEmulator({ speed: 20, workflows: [...BUILT_IN_WORKFLOWS, long] });
  site = await open();
}, 60_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await site.close();
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

const creates = (): number =>
  emulator.log.filter(({ method, path }) => method === 'POST' && path.endsWith('/jobs/goal')).length;
const rowOf = async (id: string): Promise<JobRow | undefined> =>
  JSON.parse((await site.ask('GET', `/api/jobs/${id}`)).text).job;
const until = (id: string, wanted: (row: JobRow) => boolean): Promise<JobRow> =>
  vi.waitFor(
    async () => {
      const row = await rowOf(id);
      if (row === undefined || !wanted(row)) throw new Error(`${id} is in ${row?.view.path}`);
      return row;
    },
    { timeout: 40_000, interval: 100 },
  );

test('after a restart a job that had ended is there with files, history and result; the same press is the same job', async () => {
  await site.upload('one', 'first.txt', 'one');
  await site.upload('two', 'second.txt', 'two');
  const press = { id: 'press', workflowId: 'goal_lane.cover_letter', uploads: ['one', 'two'] };
  expect((await site.ask('POST', '/api/jobs', press)).status).toBe(201);
  const before = await until('press', ({ view }) => view.state === 'completed');
  const result = await site.send('/api/jobs/press/result');
  const history = async () => JSON.parse((await site.ask('GET', '/api/jobs/press/history')).text).entries;
  const types = async () => (await history()).map(({ type }: { type: string }) => type);
  await vi.waitFor(async () => expect(await types()).toContain('completed'), 15_000);
  const happened = await history();
  const made = creates();
  await site.close();

  site = await open();
  const listed = JSON.parse((await site.ask('GET', '/api/jobs')).text).jobs;
  expect(listed).toMatchObject([{ id: 'press', isStored: true, view: { state: 'completed' } }]);
  await until('press', ({ view }) => view.files.length === 2);
  expect((await site.ask('POST', '/api/jobs', press)).status).toBe(200);
  expect(creates()).toBe(made);
  const { view, uploads } = (await rowOf('press')) ?? before;
  // Two processes saw the end at two moments.
  const { since } = before.view;
  expect({ ...view, since }).toEqual(before.view);
  expect(uploads).toEqual(before.uploads);
  expect(await history()).toEqual(happened);
  const again = await site.send('/api/jobs/press/result');
  expect([again.status, again.text]).toEqual([200, result.text]);
  expect((await site.ask('DELETE', '/api/jobs/press')).status).toBe(200);
  expect((await site.ask('GET', '/api/jobs/press')).status).toBe(404);
});

test('what was answered in another window is known after a restart, without the key, until the job is forgotten', async () => {
  await site.upload('cv', 'cv.txt', 'a life');
  const press = { id: 'asked', workflowId: 'goal_lane.resume_tailor', uploads: ['cv'] };
  expect((await site.ask('POST', '/api/jobs', press)).status).toBe(201);
  const { view } = await until('asked', (row) => row.view.needs === 'slots');
  const question = view.needs === 'slots' ? questionKey(view.request) : '';
  const slots = [['confirmed_titles', 'Tech Lead']];
  const { status, text } = await site.ask('POST', '/api/jobs/asked/answer', { question, slots });
  expect([status, JSON.parse(text)]).toEqual([200, { status: 'accepted' }]);
  await until('asked', (row) => row.view.state === 'completed');
  await site.close();

  site = await open();
  const sent = async () =>
    JSON.parse(
      (await site.ask('GET', `/api/jobs/asked/answer?question=${encodeURIComponent(question)}`)).text,
    ).sent;
  expect(await sent()).toMatchObject({ slots: { confirmed_titles: 'Tech Lead' } });
  const kept = join(folder, 'uploads', 'goal-lane-answers.json');
  expect((await stat(kept)).mode & 0o777).toBe(0o600);
  expect((await site.ask('DELETE', '/api/jobs/asked')).status).toBe(200);
  expect(await sent()).toBeNull();
  expect(await readFile(kept, 'utf8')).not.toContain('Tech Lead');
});

test('an answer is stored without what must not be stored, and a broken file of answers is none', async () => {
  const directory = await mkdtemp(join(folder, 'answers-'));
  const redact = <Value>(value: Value): Value =>
    JSON.parse(JSON.stringify(value).replaceAll('sk_secret', '…'));
  const book = await openAnswerBook({ directory, redact });
  await book.note('job', 'question', { at: 1, slots: { tone: 'sk_secret', note: 'kept' } });
  const path = join(directory, 'goal-lane-answers.json');
  const text = await readFile(path, 'utf8');
  expect([text.includes('sk_secret'), text.includes('kept')]).toEqual([false, true]);
  await writeFile(path, '[["job", "question", {"at": "never"}]]');
  expect((await openAnswerBook({ directory })).get('job', 'question')).toBeUndefined();
  await rm(path);
  await writeFile(join(directory, 'elsewhere'), text);
  await symlink(join(directory, 'elsewhere'), path);
  expect((await openAnswerBook({ directory })).get('job', 'question')).toBeUndefined();
});

test('a job of another process is shown as its own, and cannot be answered here; once that process is killed it continues here', async () => {
  const made = creates();
  const file = join(folder, 'cv.txt');
  await writeFile(file, 'a life');
  const { apiKey, baseUrl } = emulator;
  const child = spawn(
    process.execPath,
    [
      ...['dist/adapters/cli/main.js', '--store', join(folder, 'jobs.db')],
      ...['run', 'long', file, '--out', join(folder, 'theirs'), '--json'],
    ],
    { env: { ...process.env, CONVILYN_API_KEY: apiKey, CONVILYN_BASE_URL: baseUrl }, stdio: 'pipe' },
  );
  children.push(child);
  const theirs = (): Promise<JobRow> =>
    vi.waitFor(
      async () => {
        const { jobs }: { jobs: JobRow[] } = JSON.parse((await site.ask('GET', '/api/jobs')).text);
        const [row] = jobs.filter(({ view }) => view.state === 'executing');
        if (row === undefined) throw new Error('it does not run yet');
        return row;
      },
      { timeout: 40_000, interval: 100 },
    );
  // Somebody watches: what others write is looked at.
  const watching = new AbortController();
  const stream = await fetch(`${site.origin}/api/events`, { signal: watching.signal });
  const { id, isStored, driver, view } = await theirs();
  expect([isStored, driver, view.files.map(({ name }) => name)]).toEqual([
    true,
    { pid: child.pid },
    ['cv.txt'],
  ]);
  const answer = await site.ask('POST', `/api/jobs/${id}/answer`, { question: '', slots: [] });
  expect(answer.status).toBe(409);
  expect(answer.text).toContain(`Process ${child.pid} on this computer drives this job.`);
  expect((await site.ask('DELETE', `/api/jobs/${id}`)).status).toBe(409);
  expect((await site.ask('POST', `/api/jobs/${id}/resume`)).text).toContain(`process ${child.pid}`);

  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await until(id, (row) => row.driver === undefined);
  expect((await site.ask('POST', `/api/jobs/${id}/resume`)).status).toBe(202);
  await until(id, (row) => row.isStored === undefined && row.view.state === 'executing');
  expect((await site.ask('POST', `/api/jobs/${id}/detach`)).status).toBe(202);
  await until(id, (row) => row.view.state === 'detached');
  expect(creates()).toBe(made + 1);
  watching.abort();
  await stream.body?.cancel().catch(() => undefined);
}, 60_000);
