import { describe, expect, it } from 'vitest';
import {
  createEmulatorModel,
  type EmulatedWorkflow,
  type EmulatorModelOptions,
} from '../../../src/adapters/emulator/index.js';
import { callModel } from './api-client.js';

const START = Date.UTC(2026, 2, 30, 12);
const DAY_MS = 86_400_000;

/** A model and its client on one clock. */
function begin(options: EmulatorModelOptions = {}) {
  const time = { now: START };
  const model = createEmulatorModel(options);
  const call = callModel(model, () => time.now);
  const upload = (name = 'a.txt', content = 'hello') =>
    model.registerUpload({ name, bytes: Buffer.from(content) }, time.now);
  const create = (workflowId: string, fileIds = [upload()]) =>
    call('POST', '/jobs/goal', { workflowId, fileIds });
  const start = (workflowId: string): string => {
    const path = `/jobs/goal/${create(workflowId).body.jobSpecId}`;
    call('POST', `${path}/confirm`, { itemVersion: 1 });
    return path;
  };
  return { time, model, call, upload, create, start };
}

const fields = (body: { errors: { field: string }[] }): string[] => body.errors.map(({ field }) => field);

describe('keys and paths', () => {
  const { model, call } = begin();

  it.each([
    ['no key', undefined],
    ['a wrong key', 'Bearer nope'],
    ['another scheme', `Basic ${model.apiKey}`],
  ])('refuses %s with the error shape of the reference', (_, authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    const reply = model.handle({ method: 'GET', path: '/api/v1/workflows/catalog', headers }, START);
    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.text)).toEqual({
      error: 'unauthorized',
      message: expect.any(String),
      code: 401,
    });
    expect(reply.headers).toHaveProperty('x-ratelimit-remaining');
    expect(reply.headers).toHaveProperty('x-ratelimit-reset');
  });

  it('answers 404 to an unknown path and 405 to a wrong method', () => {
    expect(call('GET', '/nothing').status).toBe(404);
    expect(call('GET', '/upload').status).toBe(405);
    expect(call('GET', '/jobs/goal/job_99').status).toBe(404);
    expect(call('GET', '/jobs/goal/%ff').status).toBe(404);
  });

  it('hides the jobs and files of one key from another', () => {
    const shared = begin({ apiKeys: ['first', 'second'] });
    const path = shared.start('goal_lane.resume_tailor');
    const other = callModel(shared.model, () => shared.time.now, 'second');
    expect(other('GET', path).status).toBe(404);
    const body = { workflowId: 'goal_lane.resume_tailor', fileIds: [shared.upload()] };
    expect(other('POST', '/jobs/goal', body).status).toBe(422);
  });
});

describe('create', () => {
  it.each([
    ['a workflow that does not exist', { workflowId: 'nope', fileIds: [] }, ['workflowId']],
    ['no file list', { workflowId: 'goal_lane.resume_tailor' }, ['fileIds']],
    ['an unknown file', { workflowId: 'goal_lane.resume_tailor', fileIds: ['file_9'] }, ['fileIds[0]']],
    ['too few files', { workflowId: 'goal_lane.resume_tailor', fileIds: [] }, ['fileIds']],
    ['everything missing', {}, ['workflowId', 'fileIds']],
  ])('refuses %s with 422 and field errors', (_, body, expected) => {
    const { call } = begin();
    const reply = call('POST', '/jobs/goal', body);
    expect(reply.status).toBe(422);
    expect(fields(reply.body)).toEqual(expected);
  });

  it('refuses a wrong extension and too many bytes', () => {
    const { create, upload } = begin();
    expect(fields(create('goal_lane.resume_tailor', [upload('a.exe')]).body)).toEqual(['fileIds']);
    const big = upload('a.txt', 'x'.repeat(10 * 1024 * 1024 + 1));
    expect(create('goal_lane.resume_tailor', [big]).body.errors[0].message).toMatch(/more than 10485760/);
  });

  it('refuses a file after 24 hours, unless a job uses it', () => {
    const { time, create, upload } = begin();
    const [fresh, used] = [upload(), upload()];
    expect(create('goal_lane.resume_tailor', [used]).status).toBe(201);
    time.now += DAY_MS - 1;
    expect(create('goal_lane.resume_tailor', [fresh]).status).toBe(201);
    const idle = upload();
    time.now += DAY_MS;
    expect(create('goal_lane.resume_tailor', [idle]).body.errors[0].message).toMatch(/expired/);
    expect(create('goal_lane.resume_tailor', [used]).status).toBe(201);
  });

  it('refuses a body that is no JSON object with 400', () => {
    const { model } = begin();
    const headers = { authorization: `Bearer ${model.apiKey}` };
    for (const body of ['', '{', '[]', 'null']) {
      const reply = model.handle({ method: 'POST', path: '/api/v1/jobs/goal', headers, body }, START);
      expect(reply.status).toBe(400);
    }
  });
});

describe('slots and versions', () => {
  const workflowId = 'goal_lane.translation';
  const begun = () => {
    const world = begin();
    const { body } = world.create(workflowId);
    const path = `/jobs/goal/${body.jobSpecId}`;
    const patch = (itemVersion: unknown, values: Record<string, unknown>) =>
      world.call('PATCH', `${path}/slots`, {
        itemVersion,
        slots: Object.entries(values).map(([slotId, value]) => ({ slotId, value })),
      });
    return { ...world, path, patch, created: body };
  };

  it('shows definitions with create, and values once they are given', () => {
    const { created, patch } = begun();
    expect(created.slots[0]).toEqual({
      slotId: 'target_language',
      type: 'enum',
      label: 'Target language',
      options: ['de', 'fr', 'ja'],
    });
    expect(patch(1, { target_language: 'fr' }).body.slots[0].value).toBe('fr');
  });

  it.each([
    ['an option that is not offered', { target_language: 'tlh' }, 'slots.target_language'],
    ['a number that is none', { max_words: 'many' }, 'slots.max_words'],
    ['a boolean that is none', { keep_layout: 'yes' }, 'slots.keep_layout'],
    ['a list that is none', { glossary: 'x' }, 'slots.glossary'],
    ['an empty value', { target_language: '' }, 'slots.target_language'],
    ['an unknown slot', { nope: 'x' }, 'slots.nope'],
    ['an object', { target_language: { a: 1 } }, 'slots.target_language'],
  ])('refuses %s with 422, and keeps nothing of the request', (_, values, field) => {
    const { patch, call, path } = begun();
    const reply = patch(1, { target_language: 'de', ...values });
    expect(reply.status).toBe(422);
    expect(fields(reply.body)).toEqual([field]);
    expect(call('GET', path).body).toMatchObject({ itemVersion: 1 });
    expect(call('GET', path).body.slots[0]).not.toHaveProperty('value');
  });

  it('refuses a confirm while a required slot is empty, by name', () => {
    const { call, path } = begun();
    const reply = call('POST', `${path}/confirm`, { itemVersion: 1 });
    expect(reply.status).toBe(422);
    expect(fields(reply.body)).toEqual(['slots.target_language']);
  });

  it('wants the current version for PATCH and confirm', () => {
    const { patch, call, path } = begun();
    expect(patch(undefined, { target_language: 'de' }).status).toBe(422);
    expect(patch(2, { target_language: 'de' }).status).toBe(409);
    expect(patch(1, { target_language: 'de' }).body.itemVersion).toBe(2);
    expect(patch(1, { target_language: 'fr' }).status).toBe(409);
    expect(call('POST', `${path}/confirm`, { itemVersion: 1 }).status).toBe(409);
    expect(call('POST', `${path}/confirm`, {}).status).toBe(422);
    expect(call('POST', `${path}/confirm`, { itemVersion: 2 }).status).toBe(202);
  });

  it('answers 400 to what the state does not allow, whatever the version', () => {
    const { patch, call, path, time } = begun();
    patch(1, { target_language: 'de' });
    call('POST', `${path}/confirm`, { itemVersion: 2 });
    expect(patch(2, { target_language: 'fr' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_transition', code: 400 },
    });
    expect(call('POST', `${path}/confirm`, { itemVersion: 2 }).status).toBe(400);
    expect(call('GET', `${path}/download`).status).toBe(400);
    time.now += 60_000;
    expect(call('GET', `${path}/status`).body.status).toBe('completed');
    expect(patch(2, { target_language: 'fr' }).status).toBe(400);
  });
});

describe('the course of a job', () => {
  const work: EmulatedWorkflow = {
    specId: 'w',
    name: 'W',
    description: '',
    supportedInputFormats: [],
    requiredSlots: [],
    maxInputSizeBytes: 100,
    minFileCount: 0,
    execution: { durationMs: 10_000, confirmingMs: 500 },
  };
  const asking = (checkpointId: string, at: number) => ({
    checkpointId,
    at,
    slots: [{ slotId: 'answer', type: 'text' as const }],
  });
  const withExecution = (execution: Partial<EmulatedWorkflow['execution']>) =>
    begin({ workflows: [{ ...work, execution: { ...work.execution, ...execution } }] });

  it('goes from pending over confirming and executing to completed, by time alone', () => {
    const { time, call, start } = withExecution({});
    const path = start('w');
    const word = () => call('GET', `${path}/status`).body.status;
    expect(word()).toBe('confirming');
    time.now = START + 499;
    expect(word()).toBe('confirming');
    time.now = START + 500;
    expect(word()).toBe('executing');
    time.now = START + 10_499;
    expect(word()).toBe('executing');
    time.now = START + 10_500;
    expect(word()).toBe('completed');
  });

  it('asks again and again at each checkpoint, raising the version, and clears the answers in between', () => {
    const checkpoints = [asking('first', 0.5), asking('second', 0.5), asking('third', 0.9)];
    const { time, call, start } = withExecution({ checkpoints });
    const path = start('w');
    time.now += 60_000;
    const ids: string[] = [];
    for (let status = call('GET', `${path}/status`).body; status.status === 'slot_needed'; ) {
      ids.push(status.checkpoint.checkpointId);
      expect(status.checkpoint.slots).toEqual([{ slotId: 'answer', type: 'text' }]);
      const confirm = (itemVersion: number) => call('POST', `${path}/confirm`, { itemVersion });
      expect(confirm(status.itemVersion).status).toBe(422);
      const slots = [{ slotId: 'answer', value: 'yes' }];
      const patched = call('PATCH', `${path}/slots`, { itemVersion: status.itemVersion, slots });
      expect(patched.body.itemVersion).toBe(status.itemVersion + 1);
      expect(confirm(patched.body.itemVersion).status).toBe(202);
      time.now += 60_000;
      status = call('GET', `${path}/status`).body;
    }
    expect(ids).toEqual(['first', 'second', 'third']);
    expect(call('GET', path).body).toMatchObject({ status: 'completed', itemVersion: 7 });
  });

  it('fails where the workflow says so, with a reason', () => {
    const { time, call, start } = withExecution({ fails: { at: 0.6, error: 'no text' } });
    const path = start('w');
    time.now += 6_499;
    expect(call('GET', `${path}/status`).body).toMatchObject({ status: 'executing', progress: 59 });
    time.now += 1;
    expect(call('GET', `${path}/status`).body).toEqual({ status: 'failed', error: 'no text' });
  });

  it.each([
    ['linear', (seen: number[]) => seen.every((value, i) => value >= (seen[i - 1] ?? 0))],
    ['noisy', (seen: number[]) => seen.some((value, i) => value < (seen[i - 1] ?? 0))],
    ['stalling', (seen: number[]) => new Set(seen).size <= 8 && Math.max(...seen) > 90],
    ['absent', (seen: (number | undefined)[]) => seen.every((value) => value === undefined)],
  ] as const)('shows %s progress', (curve, holds) => {
    const { time, call, start } = withExecution({ curve });
    const path = start('w');
    time.now += 500;
    const seen = Array.from({ length: 50 }, () => {
      time.now += 199;
      return call('GET', `${path}/status`).body.progress;
    });
    expect(holds(seen)).toBe(true);
    for (const value of seen) if (value !== undefined) expect(value).toBeLessThanOrEqual(99);
  });

  it('runs faster by `speed`, and draws durations anew for each job', () => {
    let drawn = 0;
    const durationMs = () => {
      drawn += 1_000;
      return drawn;
    };
    const workflows = [{ ...work, execution: { ...work.execution, durationMs } }];
    const { time, call, start } = begin({ workflows, speed: 10 });
    const [short, long] = [start('w'), start('w')];
    time.now += 50 + 100;
    expect(call('GET', `${short}/status`).body.status).toBe('completed');
    expect(call('GET', `${long}/status`).body.status).toBe('executing');
    time.now += 100;
    expect(call('GET', `${long}/status`).body.status).toBe('completed');
  });

  it('keeps the result for 24 hours from completion', () => {
    const { time, call, start } = withExecution({});
    const path = start('w');
    time.now += 10_500 + DAY_MS - 1;
    expect(call('GET', `${path}/download`).status).toBe(200);
    time.now += 1;
    expect(call('GET', `${path}/download`).status).toBe(410);
  });
});

describe('what the reference leaves open is an option', () => {
  it('confirms without a body', () => {
    const { create, call } = begin({ confirmBody: false });
    const { body } = create('goal_lane.resume_tailor');
    const reply = call('POST', `/jobs/goal/${body.jobSpecId}/confirm`, { itemVersion: 1 });
    expect(reply).toMatchObject({ status: 202, body: undefined });
  });

  it('raises the version at a confirm', () => {
    const { start, call } = begin({ confirmRaisesVersion: true });
    expect(call('GET', start('goal_lane.resume_tailor')).body.itemVersion).toBe(2);
  });

  it('shows the version with every status', () => {
    const { start, call } = begin({ versionInEveryStatus: true });
    expect(call('GET', `${start('goal_lane.resume_tailor')}/status`).body.itemVersion).toBe(1);
  });

  it('writes the reset in five ways', () => {
    const reset = (options: EmulatorModelOptions) =>
      begin(options).call('GET', '/jobs/goal/none/status').headers['x-ratelimit-reset'];
    const at = START + 60_000;
    expect(reset({ resetFormat: 'epoch-s' })).toBe(String(at / 1000));
    expect(reset({ resetFormat: 'epoch-ms' })).toBe(String(at));
    expect(reset({ resetFormat: 'delta-s' })).toBe('60');
    expect(reset({ resetFormat: 'http-date' })).toBe('Mon, 30 Mar 2026 12:01:00 GMT');
    expect(reset({ resetFormat: 'iso' })).toBe('2026-03-30T12:01:00.000Z');
  });
});
