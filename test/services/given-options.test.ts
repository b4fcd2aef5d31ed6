import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runBrowserJob } from '../../src/adapters/browser/index.js';
import { createGoalLane, runGoalJob } from '../../src/index.js';
import { createGoalClient, type GoalClientOptions } from '../../src/services/index.js';
import { json, serve, type TestServer } from '../support/http-server.js';

const FROM_ENVIRONMENT = 'key-of-the-environment';
const GIVEN = 'key-that-was-given';
const FILES = { 'a.pdf': new Blob(['x']), 'b.pdf': new Blob(['y']) };
const workflowId = 'goal_lane.cover_letter';

const refusing = () =>
  serve((_, response) => json(response, 401, { error: 'unauthorized', message: 'no', code: 401 }));

describe('options that are not given', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await refusing();
    vi.stubEnv('CONVILYN_API_KEY', FROM_ENVIRONMENT);
    vi.stubEnv('CONVILYN_BASE_URL', server.url);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
    await server.close();
  });

  const keys = () => new Set(server.seen.map(({ headers }) => headers.authorization));

  const HOSTS: ReadonlyArray<readonly [string, (given: GoalClientOptions) => Promise<unknown>]> = [
    [
      'createGoalClient',
      (given) =>
        createGoalClient(given)
          .loadCatalog({})
          .catch(() => undefined),
    ],
    ['runGoalJob', (given) => runGoalJob({ ...given, workflowId, files: [import.meta.filename] }).result()],
    [
      'createGoalLane',
      (given) =>
        createGoalLane(given)
          .start({ workflowId, files: [import.meta.filename] })
          .result(),
    ],
    [
      'runBrowserJob',
      (given) => runBrowserJob({ client: given, job: { workflowId, files: FILES } }).result(),
    ],
  ];

  it.each(HOSTS)('%s takes the key and the base URL from the environment', async (_name, run) => {
    await run({ apiKey: undefined, baseUrl: undefined });
    expect(keys()).toEqual(new Set([`Bearer ${FROM_ENVIRONMENT}`]));
  });

  it.each(HOSTS)('%s takes what is given before that', async (_name, run) => {
    const other = await refusing();
    await run({ apiKey: GIVEN, baseUrl: other.url });
    await other.close();
    expect(server.seen).toEqual([]);
    expect(new Set(other.seen.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer ${GIVEN}`]),
    );
  });

  it('an empty key is one that was given', () => {
    expect(() => createGoalClient({ apiKey: '' })).toThrowError(/the API key is empty/);
  });

  it('refuses to begin where neither says the key', () => {
    vi.stubEnv('CONVILYN_API_KEY', '  ');
    expect(() => createGoalClient()).toThrowError(/the API key is empty/);
  });

  it.each([
    ['no process', undefined],
    ['no environment', {}],
    [
      'one that may not be asked',
      {
        get env(): never {
          throw new Error('denied');
        },
      },
    ],
  ])('does without a process: %s', (_words, process) => {
    vi.stubGlobal('process', process);
    const make = (options: GoalClientOptions) => () => createGoalClient(options);
    expect(make({})).toThrowError(/the API key is empty/);
    expect(make({ apiKey: GIVEN })).not.toThrow();
    vi.unstubAllGlobals();
  });
});
