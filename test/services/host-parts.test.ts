import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBrowserJob } from '../../src/adapters/browser/index.js';
import { createGoalWorker, type GoalWorkerOptions } from '../../src/adapters/restate/index.js';
import { createStoredJobs } from '../../src/engine/durable/index.js';
import { startGoalJob } from '../../src/engine/job/index.js';
import { createMemoryStore } from '../../src/engine/store/index.js';
import { createGoalLane, createNodeClient, createNodePorts, runGoalJob } from '../../src/index.js';
import { createGoalClient, InvalidInputError } from '../../src/services/index.js';
import { json, serve, type TestServer } from '../support/http-server.js';

const apiKey = 'key-0123456789abcdef';
const workflowId = 'goal_lane.cover_letter';
const files = [import.meta.filename];

let server: TestServer;
beforeAll(async () => {
  server = await serve((_, response) =>
    json(response, 401, { error: 'unauthorized', message: 'no', code: 401 }),
  );
});
afterAll(async () => server.close());

type Door = (given: object) => unknown;
/** Boundary: what a host in JavaScript may pass. */
const odd = (name: string, value: unknown): object => ({ [name]: value });
const client = (given: object) => ({ apiKey, baseUrl: server.url, ...given });
const ports = () => createNodePorts({ client: createNodeClient(client({})), outDir: 'nowhere' });

const CLIENT = ['logger', 'budget', 'allowUrl', 'onExchange'];
const JOB = ['logger', 'clock', 'random', 'beforeEffect', 'inspect', 'telemetry'];
const DOORS: readonly (readonly [name: string, options: readonly string[], door: Door])[] = [
  ['createGoalClient', CLIENT, (given) => createGoalClient({ fetch: globalThis.fetch, ...client(given) })],
  ['createNodeClient', CLIENT, (given) => createNodeClient(client(given))],
  [
    'runGoalJob',
    [...JOB, 'budget', 'allowUrl', 'onRequest', 'trace', 'snapshot', 'ports'],
    (given) => runGoalJob({ ...client(given), workflowId, files }),
  ],
  [
    'startGoalJob',
    [...JOB, 'snapshot', 'ports'],
    (given) => startGoalJob({ ports: ports(), input: { workflowId, files }, ...given }),
  ],
  [
    'runBrowserJob',
    JOB,
    (given) =>
      runBrowserJob({
        client: client({}),
        job: { workflowId, files: { 'a.pdf': new Blob(['x']) } },
        ...given,
      }),
  ],
  [
    'createGoalLane',
    [
      ...JOB.filter((name) => name !== 'beforeEffect'),
      'store',
      'onWarning',
      'onRequest',
      'allowUrl',
      'trace',
    ],
    (given) => createGoalLane(client(given)),
  ],
  [
    'createStoredJobs',
    [...JOB.filter((name) => name !== 'beforeEffect'), 'store', 'ports', 'onWarning'],
    (given) => createStoredJobs({ store: createMemoryStore(), ports: ports(), ...given }),
  ],
  [
    'createGoalWorker',
    ['logger', 'clock', 'random', 'telemetry', 'trace', 'ports', 'allowUrl', 'openFile'],
    (given) => createGoalWorker({ keys: { default: apiKey }, ...given }),
  ],
];

const CASES = DOORS.flatMap(([name, options, door]) =>
  options.map((option) => [`${name} ${option}`, option, door] as const),
);

// `logger: verbose && console` is false, '' or 0: a call of it ended the host's process after the job was created.
describe.each([false, null, '', 0, 'x'])('an option that is %j', (value) => {
  // Any text but an empty one is the path of a trace.
  it.each(CASES.filter(([, option]) => option !== 'trace' || value !== 'x'))(
    'is refused by name: %s',
    (_case, option, door) => {
      expect(() => door(odd(option, value))).toThrow(InvalidInputError);
      expect(() => door(odd(option, value))).toThrow(new RegExp(`^${option} is .*allowed is`));
    },
  );
});

it('is left out where it is undefined', async () => {
  const none = Object.fromEntries(JOB.map((option) => [option, undefined]));
  const output = await runGoalJob({ ...client(none), workflowId, files }).result();
  expect(output).toMatchObject({ status: 'failed', failure: { kind: 'key-refused' } });
});

it('lacks a method of a clock or a store', () => {
  expect(() => runGoalJob({ ...client(odd('clock', { now: Date.now })), workflowId, files })).toThrow(
    /^clock is of type object; allowed is an object with now, schedule/,
  );
  expect(() => createGoalLane(client(odd('store', {})))).toThrow(/^store is of type object; allowed is/);
});

describe('an option of a worker', () => {
  it.each([
    ['keys', [undefined, null, false, 7, 'key', []]],
    ['results', [null, false, 7, '', {}, []]],
    ['identityKeys', [null, 'key', [7], ['']]],
  ])('is refused by name where it cannot be meant: %s', (option, values) => {
    for (const value of values) {
      // Boundary: what a host in JavaScript may pass.
      const given = { keys: { default: apiKey }, ...odd(option, value) } as GoalWorkerOptions;
      expect(() => createGoalWorker(given)).toThrow(InvalidInputError);
      expect(() => createGoalWorker(given)).toThrow(new RegExp(`^${option} is .*allowed is`));
    }
  });
});

describe("a host's own id of a job", () => {
  const IDS = [null, 0, '', ' ', true, Symbol('id'), {}];

  it.each(IDS)('is refused where it is no text: %s', async (id) => {
    const own = odd('id', id);
    expect(() => runGoalJob({ ...client(own), workflowId, files })).toThrow(InvalidInputError);
    const jobs = createStoredJobs({ store: createMemoryStore(), ports: ports() });
    await expect(jobs.start({ workflowId, files }, own)).rejects.toThrow(InvalidInputError);
    await jobs.close();
  });
});
