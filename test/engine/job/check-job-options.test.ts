import { describe, expect, it } from 'vitest';
import { checkJobOptions } from '../../../src/engine/job/check-job-options.js';

function findingsOf(options: object): readonly string[] {
  try {
    checkJobOptions(options);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ name: 'InvalidInputError', kind: 'invalid-input' });
    return String(Reflect.get(Object(error), 'message')).split('; ');
  }
}

describe('checkJobOptions', () => {
  it.each([
    [{}],
    [{ confirm: undefined, retry: undefined, deadlineAt: undefined }],
    [{ slots: { a: 'text', b: 1, c: true, d: null, e: ['x', 'y'] }, answers: {} }],
    [{ confirm: 'manual', missingSlots: 'fail', onUnknownOutcome: 'retry', onSlotConflict: 'theirs' }],
    [{ emptyFiles: 'allow', repeatedFiles: 'refuse', delivery: 'link' }],
    [{ deadlineAt: 0 }],
    [{ deadlineAt: -1 }],
    [{ retry: {} }],
    [{ retry: { baseMs: 0, capMs: 0, maxAttempts: 1, maxTotalMs: 0 } }],
    [{ workflowId: 'not an option', files: 5 }],
  ])('takes %j', (options) => {
    expect(findingsOf(options)).toEqual([]);
  });

  it.each([
    [{ confirm: 'Auto' }, /^confirm is .*Auto.*'auto' or 'manual'/],
    [{ confirm: null }, /^confirm is null; allowed is 'auto' or 'manual'/],
    [{ missingSlots: true }, /^missingSlots is true; allowed is 'ask' or 'fail'/],
    [{ onUnknownOutcome: 'again' }, /^onUnknownOutcome .*'ask' or 'retry' or 'fail'/],
    [{ onSlotConflict: 1 }, /^onSlotConflict is 1; allowed is 'ask' or 'ours' or 'theirs'/],
    [{ emptyFiles: 'yes' }, /^emptyFiles .*'refuse' or 'allow'/],
    [{ repeatedFiles: [] }, /^repeatedFiles .*'refuse' or 'allow'/],
    [{ delivery: 'mail' }, /^delivery .*'save' or 'link'/],
    [{ deadlineAt: Number.NaN }, /^deadlineAt is NaN; allowed is a time in epoch ms/],
    [{ deadlineAt: Number.POSITIVE_INFINITY }, /^deadlineAt /],
    [{ deadlineAt: '2026-03-30' }, /^deadlineAt /],
    [{ deadlineAt: new Date() }, /^deadlineAt /],
    [{ slots: null }, /^slots is null; allowed is an object/],
    [{ slots: ['a'] }, /^slots is /],
    [{ slots: { a: { b: 1 } } }, /^slots gives slot a a value that is /],
    [{ answers: { a: 10n } }, /^answers gives slot a a value that is /],
    [{ answers: { a: () => 1 } }, /^answers gives slot a a value that is /],
    [{ retry: 3 }, /^retry is 3; allowed is an object with any of baseMs, capMs, maxAttempts, maxTotalMs/],
    [{ retry: [] }, /^retry is /],
    [{ retry: { baseMs: -1 } }, /^retry\.baseMs is -1; allowed is a number of ms from 0/],
    [{ retry: { baseMs: null } }, /^retry\.baseMs is null/],
    [{ retry: { capMs: Number.NaN } }, /^retry\.capMs is NaN/],
    [{ retry: { maxAttempts: 0 } }, /^retry\.maxAttempts is 0; allowed is a whole number from 1/],
    [{ retry: { maxAttempts: 1.5 } }, /^retry\.maxAttempts is 1\.5/],
    [{ retry: { maxTotalMs: '9' } }, /^retry\.maxTotalMs /],
  ])('refuses %o', (options, words) => {
    const findings = findingsOf(options);
    expect(findings.join('; ')).toMatch(words);
  });

  it('names each of several that are wrong', () => {
    const findings = findingsOf({ confirm: 1, delivery: 2, retry: { baseMs: -1, maxAttempts: 0 } }).join(
      '; ',
    );
    for (const name of ['confirm', 'delivery', 'retry.baseMs', 'retry.maxAttempts'])
      expect(findings).toContain(`${name} is `);
  });

  it('finds no option that only the prototype has', () => {
    expect(findingsOf(Object.create({ confirm: 'nonsense' }))).toEqual([]);
  });
});
