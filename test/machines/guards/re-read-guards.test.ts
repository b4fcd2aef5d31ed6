import { describe, expect, it } from 'vitest';
import { reReadGuards, troubledCall } from '../../../src/machines/guards/re-read-guards.js';
import type { JobContext } from '../../../src/machines/job-context.js';
import type { Reply } from '../../../src/machines/reply.js';
import type { Job } from '../../../src/services/wire/wire-types.js';
import {
  attachedWith,
  checkpointQuestion,
  failureWith,
  questionWith,
  refused,
  setbackWith,
  succeeded,
} from '../../support/example-context.js';
import { job } from '../../support/scripted-ports.js';

const atCheckpoint = (more: Partial<Job> = {}): Reply<Job> =>
  succeeded(
    job({ status: 'slot_needed', checkpoint: { checkpointId: 'c1', slots: [] }, itemVersion: 4, ...more }),
  );
const pending = (more: Partial<Job> = {}): Reply<Job> => succeeded(job({ itemVersion: 4, ...more }));
const { itemVersion: _, ...unversioned } = job();
const lost = setbackWith(failureWith('network', { delivery: 'unknown' }));
const wrongState = setbackWith(failureWith('invalid-transition'));
const unsent = questionWith({ held: {} });
const versionless = { itemVersion: undefined, sentVersion: undefined };

const fill: Partial<JobContext> = {
  ...{ interrupted: 'filling', setbacks: { filling: lost }, question: unsent },
  ...{ itemVersion: 4, sentVersion: 4 },
};
const confirm: Partial<JobContext> = {
  ...{ interrupted: 'sending', setbacks: { sending: wrongState }, question: checkpointQuestion() },
  ...{ itemVersion: 4, sentVersion: 4 },
};

type Row = [string, Partial<JobContext>, Reply<Job>, boolean];

it.each([
  ['filling', 'filling'],
  ['sending', 'sending'],
  ['reading', undefined],
  [undefined, undefined],
] as const)('the call to repeat after a re-read that interrupts %s is %s', (interrupted, call) => {
  expect(troubledCall(attachedWith({ interrupted }))).toBe(call);
});

describe('jobIsUnchanged', () => {
  it.each<Row>([
    ['a PATCH whose values the server still lacks', fill, pending(), true],
    ['one that had arrived', { ...fill, question: questionWith() }, pending(), false],
    ['one without a question', { ...fill, question: undefined }, pending(), false],
    ['a confirm of a checkpoint that is still open', confirm, atCheckpoint(), true],
    ['a confirm before execution', { ...confirm, question: questionWith() }, pending(), true],
    ['a confirm without a question', { ...confirm, question: undefined }, pending(), true],
    ['a failed re-read', confirm, refused('network'), false],
    ['a re-read without a refused call', { ...confirm, interrupted: undefined }, atCheckpoint(), false],
    ['a re-read for another call', { ...confirm, interrupted: 'reading' }, atCheckpoint(), false],
    ['a call that was not refused', { ...confirm, setbacks: {} }, atCheckpoint(), false],
    ['a version that was refused', { ...confirm, refusedVersion: 4 }, atCheckpoint(), false],
    ['an older version that was refused', { ...confirm, refusedVersion: 3 }, atCheckpoint(), true],
    ['a newer version', confirm, atCheckpoint({ itemVersion: 5 }), false],
    ['a reading without a version', { ...confirm, question: questionWith() }, succeeded(unversioned), true],
    ['a job that has gone on', confirm, pending({ status: 'executing' }), false],
    ['one that was never sent with a version', { ...confirm, sentVersion: undefined }, atCheckpoint(), false],
    ['no version on either side', { ...fill, ...versionless }, succeeded(unversioned), true],
  ])('%s', (_name, changes, reply, holds) => {
    expect(reReadGuards.jobIsUnchanged({ context: attachedWith(changes) }, reply)).toBe(holds);
  });
});

describe('mayBeConfirmedAlready', () => {
  it.each<Row>([
    ['a confirm in the wrong state', confirm, atCheckpoint(), true],
    [
      'one that was refused once before',
      { ...confirm, question: checkpointQuestion({ refusedConfirms: 1 }) },
      atCheckpoint(),
      true,
    ],
    [
      'one that was refused twice before',
      { ...confirm, question: checkpointQuestion({ refusedConfirms: 2 }) },
      atCheckpoint(),
      false,
    ],
    ['a confirm without a question', { ...confirm, question: undefined }, pending(), true],
    ['a lost confirm', { ...confirm, setbacks: { sending: lost } }, atCheckpoint(), false],
    ['a confirm without a refusal', { ...confirm, setbacks: {} }, atCheckpoint(), false],
    [
      'a PATCH after a confirm in the wrong state',
      { ...fill, setbacks: { filling: lost, sending: wrongState } },
      pending(),
      false,
    ],
    ['a job that has gone on', confirm, pending({ status: 'executing' }), false],
  ])('%s', (_name, changes, reply, holds) => {
    expect(reReadGuards.mayBeConfirmedAlready({ context: attachedWith(changes) }, reply)).toBe(holds);
  });
});

/** So many useless readings make this job give up on the server. */
const MOST = 5 + attachedWith().retry.maxAttempts - 1;

describe('serverLags', () => {
  it.each<Row>([
    ['a failed re-read', { itemVersion: 4 }, refused('network'), false],
    ['an older version', { itemVersion: 5 }, pending(), true],
    ['an older version, once too often', { itemVersion: 5, staleReadings: 4 }, pending(), true],
    ['an open question with a version', { itemVersion: 4 }, pending(), false],
    ['an open question with the refused version', { itemVersion: 4, refusedVersion: 4 }, pending(), true],
    ['a checkpoint with the refused version', { itemVersion: 4, refusedVersion: 4 }, atCheckpoint(), true],
    ['a checkpoint with a newer version', { itemVersion: 3, refusedVersion: 3 }, atCheckpoint(), false],
    ['an open question without any version', {}, succeeded(unversioned), true],
    ['the same after a refused one', { refusedVersion: 3 }, succeeded(unversioned), true],
    [
      'a job that has gone on with the refused version',
      { itemVersion: 4, refusedVersion: 4 },
      pending({ status: 'executing' }),
      false,
    ],
    ['a job that has ended', { itemVersion: 9 }, pending({ status: 'completed' }), false],
  ])('%s', (_name, changes, reply, holds) => {
    expect(reReadGuards.serverLags({ context: attachedWith(changes) }, reply)).toBe(holds);
  });

  it.each([
    [MOST - 1, false],
    [MOST, true],
    [MOST + 1, true],
  ])('too long after %i useless readings in a row: %s', (staleReadings, holds) => {
    const context = attachedWith({ itemVersion: 4, refusedVersion: 4, staleReadings });
    expect(reReadGuards.serverLagsTooLong({ context }, pending())).toBe(holds);
  });

  it('is over with the first useful reading', () => {
    const context = attachedWith({ itemVersion: 3, staleReadings: MOST });
    expect(reReadGuards.serverLagsTooLong({ context }, pending())).toBe(false);
  });
});
