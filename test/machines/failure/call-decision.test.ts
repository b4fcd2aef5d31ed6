import { describe, expect, it } from 'vitest';
import type { CallState } from '../../../src/machines/call-state.js';
import { decisionOn } from '../../../src/machines/failure/call-decision.js';
import { hostFault } from '../../../src/machines/failure/host-fault.js';
import { retryLimits } from '../../../src/machines/failure/retry-limits.js';
import { failedReply, setbackOf } from '../../../src/machines/failure/setback-of.js';
import { attachedWith, failureWith, refused, setbackWith, succeeded } from '../../support/example-context.js';

const CALLS: readonly CallState[] = [
  ...(['validating', 'queued', 'uploading', 'creating', 'attaching', 'filling'] as const),
  ...(['sending', 'readingAgain', 'reading', 'locating', 'saving'] as const),
];

describe('decisionOn', () => {
  const decisions = (reply: Parameters<typeof decisionOn>[2], changes = {}) => {
    const context = attachedWith({ statusWord: 'executing', ...changes });
    const of = (wanted: string | undefined) =>
      CALLS.filter((call) => decisionOn(context, call, reply) === wanted);
    return { givesUp: of('giveUp'), backsOff: of('backOff'), reReads: of('reRead'), isFine: of(undefined) };
  };
  const beforeJob = ['validating', 'queued', 'uploading', 'creating'];
  const guarded = ['filling', 'sending'];
  const others = CALLS.filter((call) => ![...beforeJob, ...guarded].includes(call));

  it('is none about a success', () => {
    expect(decisions(succeeded(1)).isFine).toEqual(CALLS);
  });

  it('takes a refusal as final only before a job exists', () => {
    expect(decisions(refused('rejected'))).toMatchObject({
      ...{ givesUp: beforeJob, backsOff: [...CALLS].filter((call) => !beforeJob.includes(call)) },
    });
  });

  it('reads the job again after a conflict of a call with a version', () => {
    expect(decisions(refused('version-conflict'))).toMatchObject({
      ...{ givesUp: beforeJob, reReads: guarded, backsOff: others },
    });
  });

  it('gives up an id that was never answered for sooner than a job that was', () => {
    const setbacks = Object.fromEntries(
      CALLS.map((call) => [
        call,
        { ...setbackWith(failureWith('not-found')), alike: { attempts: 1, spentMs: 6_000 } },
      ]),
    );
    const late = refused('not-found');
    expect(decisions(late, { setbacks }).givesUp).toEqual(beforeJob);
    expect(decisions(late, { setbacks, statusWord: undefined }).givesUp).toEqual([...beforeJob, 'attaching']);
  });

  it.each([
    ['passes the deadline', refused('server', { retryAt: 2_001 }), 2_000, 'tooLate'],
    ['ends at the deadline', refused('server', { retryAt: 2_000 }), 2_000, 'backOff'],
    ['has no deadline', refused('server', { retryAt: 9_000 }), undefined, 'backOff'],
    ['is for a limit', refused('rate-limited', { retryAt: 2_001 }), 2_000, 'tooLate'],
    ['is for a limit in time', refused('rate-limited', { retryAt: 2_000 }), 2_000, 'rateLimited'],
    ['is none', refused('internal', { retryAt: 2_001 }), 2_000, 'giveUp'],
  ] as const)('about a wait that %s', (_name, reply, deadlineAt, decision) => {
    const context = attachedWith({ input: { jobSpecId: 'job_1', deadlineAt } });
    expect(decisionOn(context, 'reading', reply)).toBe(decision);
  });
});

describe('the setback of a call', () => {
  it('adds the failure to those of this call', () => {
    const context = attachedWith({ setbacks: { reading: setbackWith(failureWith('server'), 2) } });
    expect(setbackOf(context, 'reading', refused('server')).attempts).toBe(3);
    expect(setbackOf(context, 'saving', refused('server'))).toMatchObject({ attempts: 1, since: 1_000 });
  });

  it('takes a success for a failure of ours where it is asked for one', () => {
    expect(failedReply(refused('server'))).toEqual(refused('server'));
    expect(failedReply(succeeded(1))).toEqual({
      ...{ ok: false, at: 1_000, random: 0 },
      failure: {
        ...{ kind: 'internal', delivery: 'unknown' },
        ...{ message: 'a success was read as a failure', advice: 'Report this.' },
      },
    });
  });
});

describe('the fault of a host', () => {
  it.each([
    ['an error', new TypeError('x is not a function'), 'x is not a function'],
    ['text', 'no disk', 'no disk'],
    ['nothing', undefined, 'undefined'],
    ['an object', {}, '[object Object]'],
    ['what has no text', { toString: 1 }, 'a value that is not an error was thrown'],
  ])('that threw %s has its words', (_name, thrown, message) => {
    expect(hostFault(thrown)).toEqual({
      ...{ kind: 'internal', message, delivery: 'unknown' },
      advice: 'A function of the host threw; fix it, then resume the job.',
    });
  });
});

it('limits that are given replace the others, each for itself', () => {
  const others = { baseMs: 1, capMs: 2, maxAttempts: 3, maxTotalMs: 4 };
  expect(retryLimits(others)).toEqual(others);
  expect(retryLimits(others, { capMs: 9, maxAttempts: undefined })).toEqual({ ...others, capMs: 9 });
  expect(retryLimits(others, { baseMs: 0, maxAttempts: 8, maxTotalMs: 7 })).toEqual({
    ...{ baseMs: 0, capMs: 2, maxAttempts: 8, maxTotalMs: 7 },
  });
});
