import { type Fault, html, type ScriptedFault } from '../faults.js';
import type { WorkflowSpec } from '../job-book.js';
import type { Readings } from '../readings.js';
import type { Scenario } from '../scenario.js';
import { ending, review } from './workflows.js';

const worst: WorkflowSpec = {
  specId: 'goal_lane.worst',
  slots: [{ slotId: 'tone', type: 'text' }],
  steps: [
    { show: { progress: 80, currentStep: '\u001b[2Jreading' } },
    { show: { status: 'post_processing', progress: 20 } },
    { ask: review },
    { ask: review },
    { ask: ending },
  ],
};

/** One trouble after the other, each on the next call of its kind. */
const inTurn = (on: ScriptedFault['on'], first: number, faults: readonly Fault[]): readonly ScriptedFault[] =>
  faults.map((fault, index) => ({ on, nth: first + index, fault }));

const reported: Fault = { do: 'limit', ms: 1_200, header: 'reset', remaining: 0 };
const lost: Fault = { do: 'reset', acting: true };
const deaf: Fault = { do: 'refuse', ms: 400 };
const cut: Fault = { do: 'cut' };
const timedOut: Fault = { do: 'answer', status: 408, body: '' };
const tooMany: Fault = { do: 'limit', ms: 4_000, header: 'reset', concurrency: true, remaining: 0 };
const expired: Fault = {
  do: 'answer',
  status: 422,
  body: { error: 'validation_error', message: 'file_id file_1 has expired', code: 422 },
};
const lostAtGateway: Fault = {
  do: 'answer',
  status: 502,
  type: 'text/html',
  body: '<h1>Bad gateway',
  acting: true,
};

const faults: readonly ScriptedFault[] = [
  ...inTurn('catalog', 1, [deaf, cut]),
  ...inTurn('upload', 1, [html(503), timedOut, cut]),
  ...inTurn('create', 1, [tooMany, expired]),
  ...inTurn('slots', 1, [lost, reported, lostAtGateway]),
  ...inTurn('confirm', 1, [lostAtGateway, reported, { do: 'hang', ms: 600, acting: true }]),
  ...inTurn('job', 2, [html(502), cut]),
  ...inTurn('status', 2, [html(500), reported, deaf, { do: 'garble', body: '<html>' }]),
  ...inTurn('download', 1, [html(502), reported, cut]),
  ...inTurn('storage', 1, [html(503)]),
];

const confirmed = [
  ['', { tone: 'warm' }],
  ['profile_review', { confirmed_titles: 'Lead' }],
  ['profile_review', { confirmed_titles: 'Head' }],
  ['final_review', { approval: 'yes' }],
] as const;

const everything = (name: string, readings: Partial<Readings>, isExtra = false): Scenario => ({
  isExtra,
  name: `everything at once, ${name}`,
  workflow: worst,
  answers: { tone: 'warm', confirmed_titles: ['Lead', 'Head'], approval: 'yes' },
  files: { 'a.txt': 'one', 'b.txt': 'two' },
  server: {
    readings: { staleReads: 1, pendingReads: 1, extras: true, nulls: true, ...readings },
    faults,
    storage: { cuts: 3, expiredUrls: 1 },
    filename: '../../\u202eescaped\u0000.zip',
    resultBytes: 600_000,
    // The version moves under our feet, again and again.
    meddle: (call, nth, jobs) => {
      const job = [...jobs.values()][0];
      if (job !== undefined && (call === 'slots' || call === 'confirm') && nth % 3 === 2) job.version += 1;
    },
  },
  expected: { exit: 0, creates: 3, confirmed },
});

export const allAtOnce: readonly Scenario[] = [
  everything('as the reference writes it', {}),
  everything('by a clock that is minutes ahead', { skewMs: 400_000, spelling: 'snake', confirmBumps: true }),
  everything(
    'reporting the version only where it must',
    { resetFormat: 'delta', patchReply: 'empty', jobShowsCheckpoint: false },
    true,
  ),
];
