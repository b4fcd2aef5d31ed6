import { describe, expect, it } from 'vitest';
import type { FleetJob } from '../../../src/adapters/restate/index.js';
import {
  createFleetClient,
  createGoalWorker,
  drainWorker,
  type GoalWorkerOptions,
  registerWorker,
} from '../../../src/adapters/restate/index.js';

const refused = { failure: { kind: 'invalid-input', delivery: 'not-sent' } };
/** As a JavaScript host may give them. */
const loose = (value: unknown): never => value as never;

/** Nothing listens there: what is sent is refused as `network`. */
const nowhere = { ingress: 'http://127.0.0.1:9', admin: 'http://127.0.0.1:9' };
const input = { workflowId: 'goal_lane.resume_tailor', files: ['/tmp/a.txt'] };

describe('a worker refuses at once what it could not serve with', () => {
  it.each<[string, unknown]>([
    ['no options', undefined],
    ['null', null],
    ['a key that is a number', { keys: { default: 7 } }],
    ['an empty key', { keys: { default: ' ' } }],
    ['an engine that is no URL', { keys: {}, ingress: 'nowhere' }],
    ['an engine that is a number', { keys: {}, ingress: 7 }],
    ['an API that is no URL', { keys: {}, baseUrl: 'nowhere' }],
  ])('%s', (_, options) => {
    expect(() => createGoalWorker(loose(options))).toThrow(
      expect.objectContaining({ failure: expect.objectContaining(refused.failure) }),
    );
  });

  it('without showing a key', () => {
    const keys: GoalWorkerOptions['keys'] = loose({ default: ['sk_secret'] });
    expect(() => createGoalWorker({ keys })).toThrow(/^keys\.default is not a key; [^[]*$/);
  });

  it.each(['0.0.0.0', '::', '192.0.2.1'])(
    'an address that others reach, without a key of the engine: %s',
    async (host) => {
      const worker = createGoalWorker({ keys: {} });
      try {
        await expect(worker.listen({ host, port: 0 })).rejects.toMatchObject(refused);
      } finally {
        await worker.close();
      }
    },
  );

  it.each(['127.0.0.1', '::1', 'localhost'])('and listens on %s, once', async (host) => {
    const worker = createGoalWorker({ keys: {} });
    try {
      const { url } = await worker.listen({ host, port: 0 });
      expect(URL.canParse(url)).toBe(true);
      await expect(worker.listen({ host, port: 0 })).rejects.toMatchObject(refused);
    } finally {
      await worker.close();
    }
  });

  it('a URL to register that is none', async () => {
    await expect(registerWorker({ ...nowhere, url: 'nowhere' })).rejects.toMatchObject(refused);
  });
});

/** `fetch` would show it in its error. */
describe('a URL with a user is refused, and the error does not show it:', () => {
  const secret = 'http://name:sk_secret@127.0.0.1:9';
  it.each<[string, () => unknown]>([
    ['the engine of a client', async () => createFleetClient({ ingress: secret })],
    ['the admin API of a client', async () => createFleetClient({ admin: secret })],
    ['one that is not even a URL', async () => createFleetClient({ ingress: 'name:sk_secret@127.0.0.1' })],
    ['the engine of a worker', async () => createGoalWorker({ keys: {}, ingress: secret })],
    ['a worker to register', () => registerWorker({ ...nowhere, url: secret })],
    ['the engine to register it with', () => registerWorker({ admin: secret, url: nowhere.ingress })],
    ['the engine to drain at', () => drainWorker({ admin: secret, deployment: 'dp_1' })],
  ])('%s', async (_, use) => {
    const error = await (async () => use())().then(String, (thrown: unknown) => thrown);
    expect(error).toMatchObject(refused);
    expect(String(error)).not.toContain('sk_secret');
  });
});

describe('a client refuses, before anything is sent,', () => {
  const client = createFleetClient(nowhere);
  const job: FleetJob = client.job('a job');

  it.each<[string, () => unknown]>([
    ['options that are none', async () => createFleetClient(loose(null))],
    // Every client of HTTP resolves these as steps of a path: they would lead to another job.
    ['an id that is a step of a path', () => client.start({ ...input, id: '..' })],
    ['the same to ask for', async () => client.job('.')],
    ['the same to forget', () => client.forget('..')],
    ['the same for a history', () => client.history('..')],
    ['an id that is no text', async () => client.job(loose(7))],
    ['a key that is a step of a path', () => client.start({ ...input, key: '..' })],
    ['a file of another machine', () => client.start({ ...input, files: ['file://other/a.txt'] })],
    ['a state that no job has', () => client.jobs({ state: 'done' })],
    ['a pattern for a state', () => client.jobs({ state: '%' })],
    ['a list without a query', () => client.jobs(loose(null))],
    ['events after no number', () => job.events({ since: Number.NaN })[Symbol.asyncIterator]().next()],
    [
      'events after a text',
      () =>
        job
          .events({ since: loose('7') })
          [Symbol.asyncIterator]()
          .next(),
    ],
    ['events without options', () => job.events(loose(null))[Symbol.asyncIterator]().next()],
  ])('%s', async (_, ask) => {
    await expect((async () => ask())()).rejects.toMatchObject(refused);
  });
});
