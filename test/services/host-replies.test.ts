import { describe, expect, it } from 'vitest';
import { createGoalClient, type FetchFunction, type GoalClientOptions } from '../../src/services/index.js';
import { failureOf } from '../support/failure-of.js';

const create = { workflowId: 'w', fileIds: ['f'] };
const clientOf = (options: GoalClientOptions) =>
  createGoalClient({ apiKey: 'key-0123456789abcdef', baseUrl: 'http://127.0.0.1:9/api/v1', ...options });

/** Boundary: what a function of a host in JavaScript may give. */
const giving = <Made>(value: unknown): Made => (async () => value) as Made;

const NO_REPLIES: ReadonlyArray<readonly [unknown, string]> = [
  [undefined, 'undefined'],
  [null, 'null'],
  [5, '5'],
  ['{}', 'text'],
  [[], 'a list'],
  [{}, 'another object'],
  [{ status: '200', headers: new Headers() }, 'another object'],
];

describe.each(NO_REPLIES)('what a function of the host resolves with: %j', (value, shown) => {
  const DOORS: ReadonlyArray<readonly [string, GoalClientOptions]> = [
    ['fetch', { fetch: giving<FetchFunction>(value) }],
    ['adapter', { adapter: giving(value) }],
    ['transport', { transport: { adapter: giving(value) } }],
  ];

  it.each(DOORS)('is no reply to a create, and a fault of %s', async (name, given) => {
    const failure = await failureOf(clientOf(given).createJob(create));
    expect(failure).toMatchObject({
      kind: 'internal',
      delivery: 'unknown',
      method: 'POST',
      path: '/jobs/goal',
      advice: `Fix the function ${name} that was passed, or leave it out.`,
    });
    expect(failure.message).toContain(`${name} resolved with ${shown} instead of a`);
  });

  it.each(DOORS)('is no result, and a fault of %s', async (name, given) => {
    const result = clientOf(given).fetchResult({ url: 'http://127.0.0.1:9/result' });
    const failure = await failureOf(result);
    expect(failure).toMatchObject({ kind: 'internal', delivery: 'unknown', method: 'GET' });
    expect(failure.message).toContain(`${name} resolved with ${shown}`);
  });
});

describe('a fetch of the host', () => {
  it('whose headers are a plain object gave no Response', async () => {
    const client = clientOf({ fetch: giving({ status: 200, headers: {}, body: null }) });
    expect(await failureOf(client.createJob(create))).toMatchObject({ kind: 'internal' });
  });

  it('may give a Response that is not promised', async () => {
    const now = (() => new Response('{"status":"executing"}')) as unknown as FetchFunction;
    const reading = await clientOf({ fetch: now }).getStatus({ jobSpecId: 'job_1' });
    expect(reading).toMatchObject({ status: 'executing' });
  });
});
