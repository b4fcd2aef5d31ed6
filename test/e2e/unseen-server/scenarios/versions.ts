import type { Call } from '../faults.js';
import { confirm, fill, type ServerJob } from '../job-book.js';
import { asWritten } from '../readings.js';
import type { Scenario } from '../scenario.js';
import { full, fullAnswers, fullConfirmed, paused, reviewed, slotted } from './workflows.js';

const fine = (): undefined => undefined;
const otherFills = (job: ServerJob, slotId: string, value: unknown) =>
  fill(job, job.version, [{ slotId, value }], fine, 'other');
const otherConfirms = (job: ServerJob) =>
  confirm(job, job.version, { ...asWritten, pendingReads: 3 }, {}, 'other');

/** Lets another actor act on the job before the n-th call of a kind. */
const before =
  (call: Call, nths: readonly number[], act: (job: ServerJob) => void) =>
  (seen: Call, nth: number, jobs: ReadonlyMap<string, ServerJob>): void => {
    const job = [...jobs.values()][0];
    if (seen === call && nths.includes(nth) && job !== undefined) act(job);
  };

const bump = (job: ServerJob): void => {
  job.version += 1;
};

const conflicts: readonly Scenario[] = [1, 3].flatMap((times) =>
  (['slots', 'confirm'] as const).map(
    (call): Scenario => ({
      name: `409 ${times} time(s) in a row on ${call}`,
      isExtra: times === 1,
      workflow: full,
      answers: fullAnswers,
      server: {
        meddle: before(
          call,
          Array.from({ length: times }, (_, index) => index + 1),
          bump,
        ),
      },
      expected: { exit: 0, confirmed: fullConfirmed },
    }),
  ),
);

const answeredByOther: readonly Scenario[] = [false, true].map((conflictFirst) => ({
  name: `another actor answers and confirms the checkpoint first (409 ${conflictFirst ? 'before' : 'after'} 400)`,
  workflow: paused,
  answers: fullAnswers,
  server: {
    readings: { conflictFirst },
    meddle: before('slots', [1], (job) => {
      otherFills(job, 'confirmed_titles', 'Theirs');
      otherConfirms(job);
    }),
  },
  expected: {
    exit: 0,
    confirmed: [
      ['', {}],
      ['profile_review', { confirmed_titles: 'Theirs' }],
    ],
    fills: 0,
  },
}));

const otherValues: readonly Scenario[] = [
  {
    name: 'another actor gives our slot another value before our PATCH',
    workflow: slotted,
    answers: fullAnswers,
    server: { meddle: before('slots', [1], (job) => otherFills(job, 'tone', 'cold')) },
    expected: { exit: 3, confirmed: [], fills: 0 },
    also: ({ run }) => (run.stdout.includes('cold') ? [] : ['what the other gave is not shown']),
  },
  {
    name: 'another actor gives our slot another value between our PATCH and our confirm',
    workflow: paused,
    answers: fullAnswers,
    server: { meddle: before('confirm', [2], (job) => otherFills(job, 'confirmed_titles', 'Theirs')) },
    expected: { exit: 3, confirmed: [['', {}]], fills: 1 },
    also: ({ run }) => (run.stdout.includes('Theirs') ? [] : ['what the other gave is not shown']),
  },
  {
    name: 'another actor gives our slot the very value that we give',
    workflow: slotted,
    answers: fullAnswers,
    server: { meddle: before('slots', [1], (job) => otherFills(job, 'tone', 'warm')) },
    expected: { exit: 0, confirmed: [['', { tone: 'warm' }]], fills: 0 },
  },
];

const confirmedByOther: readonly Scenario[] = [false, true].map((conflictFirst) => ({
  name: `another actor confirms first (409 ${conflictFirst ? 'before' : 'after'} 400)`,
  workflow: full,
  answers: fullAnswers,
  server: { readings: { conflictFirst }, meddle: before('confirm', [1, 2], otherConfirms) },
  expected: { exit: 0, confirmed: fullConfirmed },
}));

const lingering: readonly Scenario[] = [
  {
    name: 'a confirm whose reply is lost, and a job that is pending for a while after it',
    workflow: full,
    answers: fullAnswers,
    server: {
      readings: { pendingReads: 3 },
      faults: [{ on: 'confirm', nth: 1, fault: { do: 'answer', status: 502, acting: true } }],
    },
    expected: { exit: 0, confirmed: fullConfirmed },
  },
  {
    name: 'another actor confirms first, and the job is pending for a while after it',
    workflow: full,
    answers: fullAnswers,
    server: { readings: { pendingReads: 3 }, meddle: before('confirm', [1], otherConfirms) },
    expected: { exit: 0, confirmed: fullConfirmed },
  },
];

/** Replies that are lost when the server does not show what a slot holds: the same value may be sent twice. */
const blind: readonly Scenario[] = [
  {
    name: 'a PATCH whose reply is lost, on a server that shows no values',
    workflow: paused,
    answers: fullAnswers,
    server: {
      readings: { showsValues: false },
      faults: [{ on: 'slots', nth: 1, fault: { do: 'reset', acting: true } }],
    },
    expected: { exit: 0, confirmed: reviewed, fills: 2 },
  },
  {
    name: 'a confirm whose reply is lost, on a server that raises the version with it',
    workflow: full,
    answers: fullAnswers,
    server: {
      readings: { confirmBumps: true, jobShowsCheckpoint: false },
      faults: [
        { on: 'confirm', nth: 1, fault: { do: 'reset', acting: true } },
        { on: 'confirm', nth: 2, fault: { do: 'hang', ms: 700, acting: true } },
      ],
    },
    expected: { exit: 0, confirmed: fullConfirmed },
  },
];

export const versions: readonly Scenario[] = [
  ...conflicts,
  ...answeredByOther,
  ...otherValues,
  ...confirmedByOther,
  ...blind,
  ...lingering,
];
