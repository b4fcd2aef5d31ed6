import { describe, expect, it } from 'vitest';
import { questionGuards } from '../../../src/machines/guards/question-guards.js';
import type { JobContext } from '../../../src/machines/job-context.js';
import type { Reply } from '../../../src/machines/reply.js';
import {
  checkpointQuestion,
  contextWith,
  questionWith,
  refused,
  succeeded,
} from '../../support/example-context.js';

const empty = questionWith({ values: {}, held: {} });
const unsent = questionWith({ held: {} });
const accepted = succeeded({ jobSpecId: 'job_1' });

type Name = keyof typeof questionGuards;
type Row = [Name, string, Partial<JobContext>, boolean, Reply<unknown>?];

const attach = (more: object) => ({ jobSpecId: 'job_1', ...more });

const examples: Row[] = [
  ['questionIsUncertain', 'no question', {}, false],
  ['questionIsUncertain', 'a question that is certain', { question: questionWith() }, false],
  ['questionIsUncertain', 'an uncertain one', { question: questionWith({ uncertain: true }) }, true],
  ['questionIsUnknown', 'no question', {}, true],
  ['questionIsUnknown', 'a question that is certain', { question: questionWith() }, false],
  ['questionIsUnknown', 'an uncertain one', { question: questionWith({ uncertain: true }) }, true],
  ['needsPerson', 'no question', {}, false],
  ['needsPerson', 'a question with all values', { question: questionWith() }, false],
  ['needsPerson', 'one without a required value', { question: empty }, true],
  ['needsPersonButMustNotAsk', 'the usual policy', { question: empty }, false],
  [
    'needsPersonButMustNotAsk',
    'the policy `fail`',
    { question: empty, input: attach({ missingSlots: 'fail' }) },
    true,
  ],
  [
    'needsPersonButMustNotAsk',
    'the policy `fail` and nothing missing',
    { question: questionWith(), input: attach({ missingSlots: 'fail' }) },
    false,
  ],
  ['versionIsUnknown', 'no version', {}, true],
  ['versionIsUnknown', 'no version, and another one refused', { refusedVersion: 3 }, true],
  ['versionIsUnknown', 'a version', { itemVersion: 3 }, false],
  ['versionIsUnknown', 'a doubted version', { itemVersion: 3, versionDoubted: true }, true],
  ['versionIsUnknown', 'a refused version', { itemVersion: 3, refusedVersion: 3 }, true],
  ['versionIsUnknown', 'one after the refused version', { itemVersion: 4, refusedVersion: 3 }, false],
  ['hasAnswersToSend', 'no question', {}, false],
  ['hasAnswersToSend', 'only values that the server has', { question: questionWith() }, false],
  ['hasAnswersToSend', 'a value that it lacks', { question: unsent }, true],
  ['mustBeStartedByHost', 'the usual policy', {}, false],
  ['mustBeStartedByHost', 'the policy `manual`', { input: attach({ confirm: 'manual' }) }, true],
  [
    'mustBeStartedByHost',
    'the policy `manual` after CONFIRM',
    { input: attach({ confirm: 'manual' }), startAllowed: true },
    false,
  ],
  ['answersAreContested', 'the second accepted PATCH', { fills: 1 }, false, accepted],
  ['answersAreContested', 'the third', { fills: 2 }, true, accepted],
  ['answersAreContested', 'a refused PATCH', { fills: 9 }, false, refused('validation')],
  ['slotsWereRefused', 'a success', {}, false, accepted],
  ['slotsWereRefused', 'a 422', {}, true, refused('validation')],
  ['slotsWereRefused', 'a 409', {}, false, refused('version-conflict')],
  ['slotsWereRefusedAtCheckpoint', 'no question', {}, false, refused('validation')],
  [
    'slotsWereRefusedAtCheckpoint',
    'slots before execution',
    { question: questionWith() },
    false,
    refused('validation'),
  ],
  [
    'slotsWereRefusedAtCheckpoint',
    'a checkpoint',
    { question: checkpointQuestion() },
    true,
    refused('validation'),
  ],
  [
    'slotsWereRefusedAtCheckpoint',
    'a checkpoint and a 409',
    { question: checkpointQuestion() },
    false,
    refused('version-conflict'),
  ],
  ['wasConfirmedBefore', 'no question', {}, false, refused('invalid-transition')],
  [
    'wasConfirmedBefore',
    'a first confirm',
    { question: questionWith() },
    false,
    refused('invalid-transition'),
  ],
  [
    'wasConfirmedBefore',
    'a second confirm',
    { question: questionWith({ wasConfirmed: true }) },
    true,
    refused('invalid-transition'),
  ],
  [
    'wasConfirmedBefore',
    'a second confirm that is refused for its version',
    { question: questionWith({ wasConfirmed: true }) },
    false,
    refused('version-conflict'),
  ],
  [
    'wasConfirmedBefore',
    'a second confirm that is accepted',
    { question: questionWith({ wasConfirmed: true }) },
    false,
    accepted,
  ],
];

describe('guards of a question', () => {
  it.each<Row>(examples)('%s with %s', (name, _case, changes, holds, reply = accepted) => {
    expect(questionGuards[name]({ context: contextWith(changes) }, reply)).toBe(holds);
  });
});
