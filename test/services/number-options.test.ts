import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runBrowserJob } from '../../src/adapters/browser/index.js';
import { startConsole } from '../../src/adapters/console/index.js';
import { createNodeTransport } from '../../src/adapters/node/index.js';
import { createGoalWorker } from '../../src/adapters/restate/index.js';
import { createStoredJobs } from '../../src/engine/durable/index.js';
import { createMemoryStore, openSqliteStore } from '../../src/engine/store/index.js';
import {
  bindPorts,
  createGoalLane,
  createNodeClient,
  createNodePorts,
  openJobStore,
  runGoalJob,
} from '../../src/index.js';
import { createGoalClient, InvalidInputError } from '../../src/services/index.js';
import { failureOf } from '../support/failure-of.js';
import { json, serve, type TestServer } from '../support/http-server.js';

const apiKey = 'key-0123456789abcdef';
const workflowId = 'goal_lane.cover_letter';
const files = [import.meta.filename];
const LONGEST_MS = 2_147_483_647;

/** Boundary: what a host in JavaScript may pass. */
const odd = (name: string, value: unknown): object => ({ [name]: value });

let server: TestServer;
/** Of this test alone: a console empties the folder that it is given for uploads. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-numbers-'));
  server = await serve((_, response) =>
    json(response, 401, { error: 'unauthorized', message: 'no', code: 401 }),
  );
});
beforeEach(() => void server.seen.splice(0));
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

type Door = (given: object) => unknown;

const CLIENT = (given: object) => ({ apiKey, baseUrl: server.url, ...given });
const ports = () => createNodePorts({ client: createNodeClient(CLIENT({})), outDir: folder });

const CLIENTS: Readonly<Record<string, Door>> = {
  'createGoalClient on fetch': (given) =>
    createGoalClient({ ...CLIENT(given), fetch: globalThis.fetch }).loadCatalog({}),
  'createGoalClient on a transport': (given) =>
    createGoalClient({ ...CLIENT(given), transport: createNodeTransport() }).loadCatalog({}),
  createNodeClient: (given) => createNodeClient(CLIENT(given)).loadCatalog({}),
  runGoalJob: (given) => runGoalJob({ ...CLIENT(given), workflowId, files }),
  runBrowserJob: (given) =>
    runBrowserJob({ client: CLIENT(given), job: { workflowId, files: { 'a.pdf': new Blob(['x']) } } }),
};
const HOSTS: Readonly<Record<string, Door>> = {
  createGoalLane: (given) => createGoalLane(CLIENT(given)).start({ workflowId, files }),
  createGoalWorker: (given) => createGoalWorker({ keys: { main: apiKey }, baseUrl: server.url, ...given }),
};
const UPLOADERS: Readonly<Record<string, Door>> = {
  ...HOSTS,
  runGoalJob: (given) => runGoalJob({ ...CLIENT({}), ...given, workflowId, files }),
  runBrowserJob: (given) =>
    runBrowserJob({ ...given, client: CLIENT({}), job: { workflowId, files: { 'a.pdf': new Blob(['x']) } } }),
  bindPorts: (given) => bindPorts(ports(), given),
  createStoredJobs: (given) => createStoredJobs({ store: createMemoryStore(), ports: ports(), ...given }),
};
const STORED = { createStoredJobs: (given: object) => UPLOADERS.createStoredJobs?.(given) };

const NONSENSE = [Number.NaN, -1, Number.NEGATIVE_INFINITY, '5', null, {}];
const shown = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? 'of type object'
    : typeof value === 'string'
      ? '"5"'
      : `${value}`;

interface Row {
  readonly name: string;
  readonly doors: Readonly<Record<string, Door>>;
  readonly allowed: string;
  /** Beyond what is nonsense everywhere. */
  readonly refused: readonly number[];
}

const span = `a number of ms from 1 to ${LONGEST_MS}`;
const spanOrNone = `a number of ms from 0 to ${LONGEST_MS}`;
const tooLong = [Number.POSITIVE_INFINITY, LONGEST_MS + 1];
const ROWS: readonly Row[] = [
  { name: 'requestTimeoutMs', doors: { ...CLIENTS, ...HOSTS }, allowed: span, refused: [0, ...tooLong] },
  { name: 'stallTimeoutMs', doors: CLIENTS, allowed: span, refused: [0, ...tooLong] },
  { name: 'uploadsAtOnce', doors: UPLOADERS, allowed: 'a number from 1', refused: [0] },
  { name: 'concurrency', doors: HOSTS, allowed: 'a number from 1', refused: [0] },
  { name: 'leaseMs', doors: STORED, allowed: span, refused: [0, ...tooLong] },
  { name: 'lazyMs', doors: STORED, allowed: spanOrNone, refused: tooLong },
];

describe.each(ROWS)('$name', ({ name, doors, allowed, refused }) => {
  it.each(Object.entries(doors))('is refused by %s where it cannot be meant', async (_door, open) => {
    for (const value of [...NONSENSE, ...refused]) {
      const failure = await failureOf(async () => open(odd(name, value)));
      expect(failure).toMatchObject({
        kind: 'invalid-input',
        message: `${name} is ${shown(value)}; allowed is ${allowed}`,
        delivery: 'not-sent',
      });
    }
    expect(server.seen).toEqual([]);
  });
});

describe('the numbers of what is opened', () => {
  it.each([Number.NaN, -1, '5', Number.POSITIVE_INFINITY])('a store is not, to wait %s', async (value) => {
    const path = join(folder, 'jobs.db');
    const given = odd('busyTimeoutMs', value);
    await expect(openJobStore({ path, ...given })).rejects.toThrow(InvalidInputError);
    await expect(openSqliteStore({ path, ...given })).rejects.toThrow(/busyTimeoutMs is .*; allowed is/);
  });

  it.each([
    ['maxUploadBytes', Number.NaN],
    ['maxSpoolBytes', -1],
    ['uploadSilenceMs', 0],
  ])('a console is not, with %s %s', async (name, value) => {
    const about = { version: '0', isDemo: true, apiHost: 'x', store: 'x', outDir: 'x' };
    const lane = createGoalLane(CLIENT({}));
    const opened = startConsole({
      source: lane,
      port: 0,
      uploadsDir: join(folder, 'uploads'),
      about,
      ...odd(name, value),
    });
    await expect(opened).rejects.toThrow(`${name} is ${value}; allowed is`);
    await lane.close();
  });

  it('a lane is not closed by a deadline that is no time, and closes later', async () => {
    const lane = createGoalLane(CLIENT({}));
    for (const deadlineAt of [Number.NaN, Number.POSITIVE_INFINITY])
      await expect(lane.close({ drain: true, deadlineAt })).rejects.toThrow(
        /deadlineAt is .*; allowed is a time/,
      );
    await lane.close({ drain: true, deadlineAt: 0 });
  });

  it('what can be meant is taken: the longest time of a timer, and no number at all', async () => {
    for (const requestTimeoutMs of [1_000, LONGEST_MS, undefined]) {
      const client = createGoalClient({ ...CLIENT({ requestTimeoutMs }), fetch: globalThis.fetch });
      expect(await failureOf(client.loadCatalog({}))).toMatchObject({ kind: 'key-refused', status: 401 });
    }
  });
});
