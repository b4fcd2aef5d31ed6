import { describe, expect, it } from 'vitest';
import { preparingGuards, validation } from '../../../src/machines/guards/preparing-guards.js';
import type { JobContext } from '../../../src/machines/job-context.js';
import type { JobInput } from '../../../src/machines/job-input.js';
import { attachedWith, contextWith, refused, slot, succeeded } from '../../support/example-context.js';
import { job, workflow } from '../../support/scripted-ports.js';

const catalog = succeeded([workflow({ requiredSlots: [slot('tone')] })]);
const files = [{ handle: 'a.txt', name: 'a.txt', bytes: 3 }];
const unknown = refused('network', { delivery: 'unknown' });
const definite = refused('rejected');
const created = succeeded(job());

const withPolicy = (onUnknownOutcome: JobInput['onUnknownOutcome'], more: Partial<JobContext> = {}) =>
  contextWith({ input: { workflowId: 'wf', files: ['a.txt'], onUnknownOutcome }, ...more });

describe('guards of the input', () => {
  const input = { workflowId: 'wf', files: ['a.txt'] };
  const names = ['inputIsValid', 'inputIsMissing', 'inputIsInvalid'] as const;
  it.each<[string, JobContext, string]>([
    ['a slot to be asked for', contextWith({ files }), 'inputIsValid'],
    [
      'a slot that may not be asked for',
      contextWith({ files, input: { ...input, missingSlots: 'fail' } }),
      'inputIsMissing',
    ],
    [
      'an empty file',
      contextWith({ files: [{ handle: 'a.txt', name: 'a.txt', bytes: 0 }] }),
      'inputIsInvalid',
    ],
  ])('with %s', (_name, context, holds) => {
    expect(names.filter((name) => preparingGuards[name]({ context }, catalog))).toEqual([holds]);
    expect(names.filter((name) => preparingGuards[name]({ context }, definite))).toEqual([]);
  });

  it('have nothing to check of a job that exists', () => {
    expect(validation(attachedWith(), catalog)).toBeUndefined();
    expect(names.filter((name) => preparingGuards[name]({ context: attachedWith() }, catalog))).toEqual([]);
  });

  it('know a new job, and what can be the id of one', () => {
    expect(preparingGuards.isNewJob({ context: contextWith() })).toBe(true);
    expect(preparingGuards.isNewJob({ context: attachedWith() })).toBe(false);
    expect(preparingGuards.namesAJob({}, { jobSpecId: 'job_1' })).toBe(true);
    expect(preparingGuards.namesAJob({}, { jobSpecId: '..' })).toBe(false);
  });
});

describe('guards of a create whose outcome is in doubt', () => {
  it.each([
    [undefined, { asks: true, letsGo: false }],
    ['ask', { asks: true, letsGo: false }],
    ['fail', { asks: false, letsGo: true }],
    ['retry', { asks: false, letsGo: false }],
  ] as const)('under the policy %s', (policy, { asks, letsGo }) => {
    const context = withPolicy(policy);
    const guards = preparingGuards;
    expect(guards.outcomeIsUnknown({}, unknown)).toBe(true);
    expect(guards.outcomeIsUnknownAndHostDecides({ context }, unknown)).toBe(asks);
    expect(guards.outcomeIsUnknownAndPolicyLetsGo({ context }, unknown)).toBe(letsGo);
    expect(guards.policyLetsGo({ context })).toBe(letsGo);
    for (const reply of [definite, created]) {
      expect(guards.outcomeIsUnknown({}, reply)).toBe(false);
      expect(guards.outcomeIsUnknownAndHostDecides({ context }, reply)).toBe(false);
      expect(guards.outcomeIsUnknownAndPolicyLetsGo({ context }, reply)).toBe(false);
    }
    const doubted = withPolicy(policy, { mayExist: true });
    expect(guards.createIsDoubtedAndHostDecides({ context: doubted }, definite)).toBe(asks);
    expect(guards.createIsDoubtedAndHostDecides({ context: doubted }, created)).toBe(false);
    expect(guards.createIsDoubtedAndHostDecides({ context }, definite)).toBe(false);
  });

  it('doubt a refusal only after a create that may have made the job', () => {
    const doubted = { context: contextWith({ mayExist: true }) };
    expect(preparingGuards.createIsDoubted(doubted, definite)).toBe(true);
    expect(preparingGuards.createIsDoubted(doubted, created)).toBe(false);
    expect(preparingGuards.createIsDoubted({ context: contextWith() }, definite)).toBe(false);
  });

  it('see files that were lost, and an id that was adopted in error', () => {
    const lost = refused('not-found', { serverMessage: 'file f1 has expired' });
    expect(preparingGuards.filesAreLost({ context: contextWith() }, lost)).toBe(true);
    expect(preparingGuards.filesAreLost({ context: contextWith() }, definite)).toBe(false);
    expect(preparingGuards.adoptedWrongJob({ context: contextWith() }, refused('not-found'))).toBe(true);
    expect(preparingGuards.adoptedWrongJob({ context: attachedWith() }, refused('not-found'))).toBe(false);
  });
});
