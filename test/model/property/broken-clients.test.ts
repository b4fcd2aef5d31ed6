import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JobPorts } from '../../../src/machines/ports.js';
import type { Failure } from '../../../src/services/failure.js';
import { createRateBudget } from '../../../src/services/limits/rate-budget.js';
import { INVARIANTS } from './invariants.js';
import { runScenario, type Sabotage } from './run-scenario.js';
import { scenarioArbitrary } from './scenario.js';

/** So many random scenarios are enough for each of these. */
const SCENARIOS = 400;

/** Sends a request again whose outcome is unknown, as everybody's first retry loop does. */
const again =
  <Input, Options, Output>(port: (input: Input, options: Options) => Promise<Output>) =>
  async (input: Input, options: Options): Promise<Output> => {
    try {
      return await port(input, options);
    } catch {
      return port(input, options);
    }
  };

const never = (): Promise<never> => new Promise(() => undefined);

const poll =
  (ms: number) =>
  (ports: JobPorts): JobPorts => ({
    ...ports,
    pollTurn: (input, options) =>
      ports.pollTurn({ ...input, notBefore: input.notBefore - 2_000 + ms }, options),
  });

/** What most programs do: a wait ends when the wall clock says so. */
const wallClock =
  (lookMs: number): NonNullable<Sabotage['clock']> =>
  (clock, truth) => ({
    now: clock.wall,
    schedule(at, callback) {
      let cancel = (): void => undefined;
      const look = (): void => {
        if (clock.wall() >= at) callback();
        else cancel = truth.schedule(truth.now() + Math.min(Math.max(at - clock.wall(), 1), lookMs), look);
      };
      cancel = truth.schedule(truth.now(), look);
      return () => cancel();
    },
  });

/** Each invariant, and a client that breaks it. */
const BROKEN: readonly (readonly [keyof typeof INVARIANTS, string, Sabotage])[] = [
  [
    'at most one job per intent to create',
    'repeats a create whose reply was lost',
    { ports: (ports) => ({ ...ports, createJob: again(ports.createJob) }) },
  ],
  [
    'no stale item version is sent',
    'fills slots with the version before',
    {
      ports: (ports) => ({
        ...ports,
        fillSlots: (input, options) =>
          ports.fillSlots({ ...input, itemVersion: input.itemVersion - 1 }, options),
      }),
    },
  ],
  ['no status read within 2 s of the last', 'polls every second', { ports: poll(1_000) }],
  ['no status read within 2 s of the last', 'polls a millisecond early', { ports: poll(1_999) }],
  ['no status read within 2 s of the last', 'goes by the wall clock', { clock: wallClock(200) }],
  [
    'item versions go up, answers go to their question, time is bounded',
    'waits until the wall clock says so',
    { clock: wallClock(60_000) },
  ],
  [
    'nothing is sent under a limit that the client has received',
    'does not look at what is left',
    { budget: { ...createRateBudget(), mayAt: () => undefined } },
  ],
  [
    "the key stays with the API's origin",
    'sends its key to storage too',
    {
      adapter: (inner) => (config) => {
        if (config.url?.includes('amazonaws'))
          config.headers.set('Authorization', 'Bearer key-that-must-not-leak');
        return inner(config);
      },
    },
  ],
  [
    'one call at a time',
    'reads the status and the job together',
    {
      ports: (ports) => ({
        ...ports,
        getStatus: (input, options) => {
          ports.getJob(input, options).catch(() => undefined);
          return ports.getStatus(input, options);
        },
      }),
    },
  ],
  [
    'every run ends, or waits for a person by name',
    'waits for ever',
    { ports: (ports) => ({ ...ports, waitUntil: never }) },
  ],
  [
    'a job that may live is never given up',
    'takes the time-out of a create for a refusal',
    {
      ports: (ports) => ({
        ...ports,
        async createJob(input, options) {
          await ports.createJob(input, options);
          throw { kind: 'rejected', message: '408', advice: '', delivery: 'refused' } satisfies Failure;
        },
      }),
    },
  ],
  [
    'item versions go up, answers go to their question, time is bounded',
    'learns of no change',
    {
      ports: (ports) => ({
        ...ports,
        getStatus: async () => ({ status: 'executing', statusWord: 'executing' }),
      }),
    },
  ],
  [
    'nothing is left behind',
    'lets a timer run',
    {
      ports: (ports, { clock }) => ({
        ...ports,
        createJob: (input, options) => {
          clock.schedule(clock.now() + 10 * 86_400_000, () => undefined);
          return ports.createJob(input, options);
        },
      }),
    },
  ],
  [
    'completed means the right bytes',
    'saves one byte less',
    {
      ports: (ports, { results }) => ({
        ...ports,
        saveResult: async (input, options) => {
          const saved = await ports.saveResult(input, options);
          results.set(saved.file, results.get(saved.file)?.subarray(1) ?? Buffer.alloc(1));
          return saved;
        },
      }),
    },
  ],
];

it.each(BROKEN)('%s: seen where a client %s', { timeout: 120_000 }, async (name, _, sabotage) => {
  const invariant = INVARIANTS[name];
  let runs = 0;
  let breach: readonly string[] = [];
  for (const scenario of fc.sample(scenarioArbitrary, { seed: 1, numRuns: SCENARIOS })) {
    runs += 1;
    breach = invariant?.(await runScenario(scenario, sabotage)) ?? [];
    if (breach.length > 0) break;
  }
  expect(breach, `${runs} runs`).not.toEqual([]);
});
