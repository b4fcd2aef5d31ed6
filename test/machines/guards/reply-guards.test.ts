import { describe, expect, it } from 'vitest';
import { INTERRUPTED, replyGuards } from '../../../src/machines/guards/reply-guards.js';
import { resultGuards } from '../../../src/machines/guards/result-guards.js';
import {
  attachedWith,
  contextWith,
  failureWith,
  refused,
  setbackWith,
  succeeded,
} from '../../support/example-context.js';

const link = succeeded({ url: 'https://s3.example/result' });
const lost = refused('network', { delivery: 'unknown' });

describe('guards of a reply', () => {
  it('divide replies into successes and refusals', () => {
    expect(replyGuards.hasSucceeded({}, link)).toBe(true);
    expect(replyGuards.hasSucceeded({}, lost)).toBe(false);
    expect(replyGuards.wasRefused({}, link)).toBe(false);
    expect(replyGuards.wasRefused({}, lost)).toBe(true);
  });

  it('know whether a job may live', () => {
    const [none, some] = [{ context: contextWith() }, { context: attachedWith() }];
    expect(replyGuards.jobMayLive(none)).toBe(false);
    expect(replyGuards.jobMayLive(some)).toBe(true);
    expect(replyGuards.wasRefusedAndJobMayLive(none, lost)).toBe(false);
    expect(replyGuards.wasRefusedAndJobMayLive(some, lost)).toBe(true);
    expect(replyGuards.wasRefusedAndJobMayLive(some, link)).toBe(false);
  });

  const decisions = ['isRateLimited', 'mayHeal', 'mustReadJobAgain', 'wouldPassDeadline'] as const;
  it.each([
    ['a limit with a known end', refused('rate-limited', { retryAt: 2_000 }), undefined, 'isRateLimited'],
    [
      'a limit that ends after the deadline',
      refused('rate-limited', { retryAt: 2_000 }),
      1_999,
      'wouldPassDeadline',
    ],
    [
      'a limit that ends at the deadline',
      refused('rate-limited', { retryAt: 2_000 }),
      2_000,
      'isRateLimited',
    ],
    ['a server in trouble', refused('server', { retryAt: 2_000 }), 2_000, 'mayHeal'],
    [
      'a server in trouble until after the deadline',
      refused('server', { retryAt: 2_001 }),
      2_000,
      'wouldPassDeadline',
    ],
    ['a lost reply, whatever the deadline', lost, 1, 'mustReadJobAgain'],
    ['a success', link, 1, undefined],
  ] as const)('%s', (_name, reply, deadlineAt, holds) => {
    const context = attachedWith({ input: { jobSpecId: 'job_1', deadlineAt } });
    const holding = decisions.filter((name) => replyGuards[name]({ context }, { call: 'sending', reply }));
    expect(holding).toEqual(holds === undefined ? [] : [holds]);
  });

  it.each(Object.entries(INTERRUPTED))('a wait that interrupts %s holds for %s alone', (call, name) => {
    // Boundary: the keys of the table are the calls.
    const context = contextWith({ interrupted: call as keyof typeof INTERRUPTED });
    const holding = Object.values(INTERRUPTED).filter((guard) => replyGuards[guard]({ context }));
    expect(holding).toEqual([name]);
  });
});

describe('guards of the result', () => {
  it.each([
    [undefined, 'resultIsToBeSaved'],
    ['save', 'resultIsToBeSaved'],
    ['link', 'resultIsToBeLinked'],
  ] as const)('under the delivery %s hold as %s', (delivery, name) => {
    const context = attachedWith({ input: { jobSpecId: 'job_1', delivery } });
    const names = ['resultIsToBeSaved', 'resultIsToBeLinked'] as const;
    expect(names.filter((guard) => resultGuards[guard]({ context }, link))).toEqual([name]);
    expect(names.filter((guard) => resultGuards[guard]({ context }, lost))).toEqual([]);
  });

  it('ask for a fresh URL where storage refuses this one, but not for ever', () => {
    const { urlWasRefused } = resultGuards;
    const gone = failureWith('gone', { speaker: 'storage' });
    const context = attachedWith({ statusWord: 'completed' });
    expect(urlWasRefused({ context }, { ...lost, failure: gone })).toBe(true);
    expect(urlWasRefused({ context }, refused('server'))).toBe(false);
    expect(urlWasRefused({ context }, link)).toBe(false);
    const often = attachedWith({ setbacks: { saving: setbackWith(gone, 7) } });
    expect(urlWasRefused({ context: often }, { ...lost, failure: gone })).toBe(false);
  });
});
