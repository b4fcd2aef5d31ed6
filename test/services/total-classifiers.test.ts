import type { AxiosAdapter } from 'axios';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asFailure } from '../../src/engine/binding/as-failure.js';
import { failureFromStorage } from '../../src/services/errors/failure-from-storage.js';
import { failureFromTransport } from '../../src/services/errors/failure-from-transport.js';
import { createGoalClient, type GoalClient } from '../../src/services/index.js';
import { parseEcho } from '../../src/services/wire/schemas.js';
import { failureOf } from '../support/failure-of.js';

const throwing = (): never => {
  throw new Error('a getter that throws');
};
const deep = (depth: number): string => `${'{"message":'.repeat(depth)}1${'}'.repeat(depth)}`;
const deepError = (): Error => {
  let error = new Error('innermost');
  for (let depth = 0; depth < 50_000; depth += 1) error = new Error('outer', { cause: error });
  return error;
};

const ODD: readonly unknown[] = [
  undefined,
  null,
  Symbol('s'),
  10n,
  Number.NaN,
  { toString: 1 },
  Object.create(null),
  Object.freeze(new Error('frozen')),
  Object.defineProperty({}, 'message', { get: throwing }),
  Object.defineProperties(new Error('x'), { code: { get: throwing }, cause: { get: throwing } }),
  Object.defineProperty({}, 'toJSON', { get: throwing }),
  { toJSON: throwing },
  { kind: 'network', delivery: 'unknown' },
  new Proxy({}, { get: throwing, has: throwing, getPrototypeOf: throwing, ownKeys: throwing }),
  new AggregateError(Array.from({ length: 50_000 }, (_, index) => new Error(`error ${index}`))),
  deepError(),
  () => undefined,
];

const ODD_BODIES: readonly string[] = [
  deep(20_000),
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  '{"errors":[{"loc":[{"toString":1}],"msg":"bad"}]}',
  '{"errors":{"__proto__":{"toString":1},"constructor":[null,[[]]]}}',
  '{"error":{"toString":1,"message":{"valueOf":{}}}}',
  '{"message":"\\ud800 half","error":"\\udfff"}',
  '{"detail":{"date":"+999999-01-01"},"retryAt":1e400}',
  JSON.stringify({ errors: Array.from({ length: 50_000 }, () => ({ field: 'f', message: 'm' })) }),
  JSON.stringify({ message: 'm'.repeat(1_000_000) }),
  `<html>${'<script>'.repeat(10_000)}`,
  '\u0000\ufffe',
];

/** Behind a function, for a report of a counterexample looks into what it shows. */
type Hidden = () => unknown;
const odd: fc.Arbitrary<Hidden> = fc.oneof(
  fc.nat(ODD.length - 1).map((at) => Object.assign(() => ODD[at], { at })),
  fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }).map((value) => () => value),
);
const body = fc.oneof(
  fc.constantFrom(...ODD_BODIES),
  fc.json({ stringUnit: 'binary' }),
  fc.string({ unit: 'binary' }),
  fc
    .record({ error: fc.jsonValue(), message: fc.jsonValue(), errors: fc.jsonValue() })
    .map((value) => JSON.stringify(value)),
);
const HEADERS = [
  'date',
  'retry-after',
  'x-ratelimit-reset',
  'x-ratelimit-remaining',
  'location',
  'via',
  'server',
  'content-type',
  'www-authenticate',
  'cf-mitigated',
];
const headerValue = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '1e400',
    '-1',
    '99999999999999999999',
    'Thu, 01 Jan +275761 00:00:00 GMT',
    '/login',
    'text/html',
  ),
  odd.map((value) => ({ odd: value })),
);
const ODD_HEADERS: readonly unknown[] = [
  undefined,
  null,
  Object.defineProperty({}, 'date', { get: throwing, enumerable: true }),
];
const headers: fc.Arbitrary<Hidden> = fc.oneof(
  fc.dictionary(fc.oneof(fc.constantFrom(...HEADERS), fc.string()), headerValue).map((shown) => {
    const unhide = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && 'odd' in value && typeof value.odd === 'function'
        ? value.odd()
        : value;
    const entries = Object.entries(shown).map(([name, value]) => [name, unhide(value)] as const);
    return () => Object.fromEntries(entries);
  }),
  fc.nat(ODD_HEADERS.length - 1).map((at) => () => ODD_HEADERS[at]),
);
const status = fc.oneof(
  fc.integer({ min: 200, max: 999 }),
  fc.constantFrom(200, 202, 302, 401, 403, 408, 429, 503),
);

/** A client whose transport answers or throws as given. */
const clientOf = (adapter: AxiosAdapter): GoalClient =>
  createGoalClient({ apiKey: 'key-0123456789', baseUrl: 'http://127.0.0.1:9', adapter });

const CALLS: readonly ((client: GoalClient) => Promise<unknown>)[] = [
  (client) => client.loadCatalog(),
  (client) => client.createJob({ workflowId: 'w', fileIds: ['f'] }),
  (client) => client.getStatus({ jobSpecId: 'j' }),
  (client) => client.fillSlots({ jobSpecId: 'j', itemVersion: 1, slots: [] }),
  (client) => client.confirmJob({ jobSpecId: 'j', itemVersion: 1 }),
  (client) => client.getDownload({ jobSpecId: 'j' }),
];

/** Undefined for a success; whatever is no typed failure fails the test. */
const failureIfAny = async (work: Promise<unknown>) => {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  return outcome && failureOf(Promise.reject(outcome.error));
};

const isShort = (value: unknown): void => expect(JSON.stringify(value).length).toBeLessThan(200_000);

describe('whatever a reply holds, a call ends with a typed failure or with what it asked for', () => {
  const answering = (reply: { status: number; text: string; headers: unknown }): AxiosAdapter => {
    // Boundary: a transport of a host's own may break every promise of the type.
    const response = { data: reply.text, status: reply.status, headers: reply.headers } as never;
    return async () => response;
  };

  it('for any status, headers and body', () =>
    fc.assert(
      fc.asyncProperty(status, headers, body, fc.nat(CALLS.length - 1), async (code, head, text, which) => {
        const client = clientOf(answering({ status: code, text, headers: head() }));
        const failure = await failureIfAny((CALLS[which] ?? CALLS[0])?.(client) ?? Promise.resolve());
        isShort(failure ?? {});
        if (failure?.delivery === 'refused') expect(failure.speaker).toBe('api');
        if (code >= 500 || code === 408 || code === 499) expect(failure?.delivery).toBe('unknown');
      }),
      { numRuns: 500 },
    ));

  it.each(ODD_BODIES.map((text) => [text.slice(0, 50), text]))(
    'for %s, as any refusal of any call',
    async (_name, text) => {
      for (const code of [400, 408, 422, 429, 500, 503])
        for (const call of CALLS) {
          const failure = await failureIfAny(call(clientOf(answering({ status: code, text, headers: {} }))));
          expect(failure).toMatchObject({ status: code });
          isShort(failure);
        }
    },
  );

  it('a poll that is limited or temporarily refused is reported as that, with any body', async () => {
    for (const text of ODD_BODIES) {
      const reads = (code: number, head: object) =>
        failureIfAny(
          clientOf(answering({ status: code, text, headers: head })).getStatus({ jobSpecId: 'j' }),
        );
      expect(await reads(503, {})).toMatchObject({ kind: 'server' });
      expect(await reads(429, { 'x-ratelimit-reset': '30' })).toMatchObject({ kind: 'rate-limited' });
    }
  });
});

describe('whatever is thrown', () => {
  it('in the transport of a create leaves its outcome unknown', () =>
    fc.assert(
      fc.asyncProperty(odd, async (thrown) => {
        const client = clientOf(() => Promise.reject(thrown()));
        const failure = await failureIfAny(client.createJob({ workflowId: 'w', fileIds: [] }));
        expect(failure).toMatchObject({ delivery: 'unknown', method: 'POST' });
        isShort(failure);
      }),
      { numRuns: 300 },
    ));

  it('is plain data', () =>
    fc.assert(
      fc.property(odd, (thrown) => {
        const failure = asFailure(thrown());
        expect(
          [failure.kind, failure.message, failure.advice].every((text) => typeof text === 'string'),
        ).toBe(true);
        expect(['not-sent', 'refused', 'unknown']).toContain(failure.delivery);
        const lost = failureFromTransport({
          method: 'POST',
          path: '/p',
          error: thrown(),
          isAborted: false,
        });
        expect(lost.delivery).toBe('unknown');
      }),
      { numRuns: 500, examples: ODD.map((thrown) => [() => thrown]) },
    ));

  it('by the logger or the budget of a host does not undo what was sent', async () => {
    const logger = { debug: throwing, info: throwing, warn: throwing, error: throwing, child: throwing };
    const budget = {
      mayAt: () => undefined,
      observe: throwing,
      onLost: throwing,
      snapshot: () => ({}),
      restore: throwing,
    };
    // Boundary: axios wants more of a reply than is read of it.
    const adapter: AxiosAdapter = async () =>
      ({ data: '{"jobSpecId":"j"}', status: 201, headers: {} }) as never;
    const client = createGoalClient({ apiKey: 'key-0123456789', adapter, logger, budget });
    expect(await client.createJob({ workflowId: 'w', fileIds: [] })).toMatchObject({ jobSpecId: 'j' });
    const shut = createGoalClient({
      apiKey: 'key-0123456789',
      adapter,
      budget: { ...budget, mayAt: throwing },
    });
    expect(await failureOf(shut.createJob({ workflowId: 'w', fileIds: [] }))).toMatchObject({
      delivery: 'not-sent',
    });
  });
});

describe('the other readers', () => {
  it('of storage and of echoes are total, too', () =>
    fc.assert(
      fc.property(status, headers, body, (code, head, text) => {
        // Boundary: as above.
        const refusal = { path: '/r', status: code, headers: head() as never, body: text };
        expect(failureFromStorage(refusal).message).toContain(String(code));
        expect(parseEcho('j', text).jobSpecId).toBe('j');
      }),
      { numRuns: 300 },
    ));

  it('an echo that is nested beyond measure says nothing', () => {
    const value: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(parseEcho('j', { slots: [{ slotId: 'a', value }] })).toMatchObject({ jobSpecId: 'j' });
  });
});
