import { describe, expect, it } from 'vitest';
import { callModel } from './api-client.js';
import { DAY_MS, modelScene, START } from './model-scene.js';

const fields = (body: { errors: { field: string }[] }): string[] => body.errors.map(({ field }) => field);

describe('keys and paths', () => {
  const { model, call } = modelScene();

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
    const shared = modelScene({ apiKeys: ['first', 'second'] });
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
    const { call } = modelScene();
    const reply = call('POST', '/jobs/goal', body);
    expect(reply.status).toBe(422);
    expect(fields(reply.body)).toEqual(expected);
  });

  it('refuses a wrong extension and too many bytes', () => {
    const { create, upload } = modelScene();
    expect(fields(create('goal_lane.resume_tailor', [upload('a.exe')]).body)).toEqual(['fileIds']);
    const big = upload('a.txt', 'x'.repeat(10 * 1024 * 1024 + 1));
    expect(create('goal_lane.resume_tailor', [big]).body.errors[0].message).toMatch(/more than 10485760/);
  });

  it('refuses a file after 24 hours, unless a job uses it', () => {
    const { time, create, upload } = modelScene();
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
    const { model } = modelScene();
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
    const world = modelScene();
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
