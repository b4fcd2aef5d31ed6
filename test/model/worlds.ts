import type { JobInput } from '../../src/machines/index.js';
import type { World } from './environment.js';
import type { AnswerScope } from './server-answers.js';

const retry = { maxAttempts: 2, baseMs: 0, capMs: 0, maxTotalMs: 1 };
const fresh: JobInput = { workflowId: 'wf', files: ['f'], retry };
const attached: JobInput = { jobSpecId: 'j', retry };

const plain: AnswerScope = { shown: [undefined], checkpoints: [], versions: ['newer'] };
const checkpoint: AnswerScope = { ...plain, checkpoints: ['c1'] };
const everyVersion: AnswerScope = { ...checkpoint, versions: ['none', 'older', 'same', 'newer'] };
const nameless: AnswerScope = { ...plain, checkpoints: ['c1', ''], versions: ['none', 'older', 'newer'] };
const otherActor: AnswerScope = {
  shown: [undefined, 'ours', 'theirs'],
  checkpoints: ['c1', 'c2'],
  versions: ['none', 'newer'],
};

/** Together they visit every policy that a host can choose, each with all that can happen to what it decides. */
export const worlds: Readonly<Record<string, World>> = {
  'a new job, a lost create is asked about': { input: fresh, failures: 'creation', answers: checkpoint },
  'a new job, a lost create is repeated, without a person': {
    input: { ...fresh, answers: { a: 'ours' }, onUnknownOutcome: 'retry', missingSlots: 'fail' },
    failures: 'creation',
    answers: checkpoint,
  },
  'a new job, a lost create is left undecided, CONFIRM is awaited': {
    input: { ...fresh, onUnknownOutcome: 'fail', answers: { a: 'ours' }, confirm: 'manual' },
    failures: 'creation',
    answers: plain,
  },
  'a new job, its slots are not given, without a person': {
    input: { ...fresh, missingSlots: 'fail' },
    failures: 'creation',
    answers: plain,
  },
  'a new job, the wrong one is adopted': { input: fresh, failures: 'adoption', answers: checkpoint },
  'a new job, answered by replicas that lag': { input: fresh, failures: 'creation', answers: everyVersion },
  'a new job, past its deadline': {
    input: { ...fresh, deadlineAt: -1 },
    failures: 'all',
    answers: { ...checkpoint, checkpoints: ['c1', ''], isTerse: true },
  },
  'attached, answers prepared, every refusal': {
    input: { ...attached, answers: { a: 'ours' } },
    failures: 'all',
    answers: checkpoint,
  },
  'attached, a person answers, every version': {
    input: attached,
    failures: 'conflicts',
    answers: everyVersion,
  },
  'attached, a list of answers, every version, without a person': {
    input: { ...attached, answers: { a: ['ours', 'theirs'] }, missingSlots: 'fail', delivery: 'link' },
    failures: 'conflicts',
    answers: everyVersion,
  },
  'attached, checkpoints without a name': { input: attached, failures: 'conflicts', answers: nameless },
  'attached, reads that do not say where the job is': {
    input: attached,
    failures: 'conflicts',
    answers: { ...checkpoint, versions: ['older', 'newer'], isTerse: true },
  },
  'attached, checkpoints without a name, status reads refused': {
    input: { ...attached, answers: { a: 'ours' } },
    failures: 'reading',
    answers: { ...plain, checkpoints: [''], isTerse: true },
  },
  'another actor answers, a person is asked': {
    input: attached,
    failures: 'conflicts',
    answers: otherActor,
  },
  'another actor answers, ours wins': {
    input: { ...attached, answers: { a: 'ours' }, onSlotConflict: 'ours' },
    failures: 'conflicts',
    answers: { ...otherActor, checkpoints: ['c1'] },
  },
  'another actor answers, theirs wins': {
    input: { ...attached, answers: { a: ['ours', 'theirs'] }, onSlotConflict: 'theirs' },
    failures: 'conflicts',
    answers: { ...otherActor, checkpoints: ['c1'] },
  },
};
