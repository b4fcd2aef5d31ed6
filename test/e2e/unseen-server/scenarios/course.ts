import type { Step } from '../job-book.js';
import type { Scenario } from '../scenario.js';
import { full, fullAnswers, fullConfirmed, paused, pausedAgain, pausedTwice, reviewed } from './workflows.js';

const through = (name: string, ...steps: Step[]): Scenario => ({
  name,
  workflow: { specId: 'goal_lane.odd', slots: [], steps },
  expected: { exit: 0 },
});

const show = (shown: Record<string, unknown>): Step => ({ show: shown });

const lingering = (pendingReads: number, confirmingReads: number, staleReads: number): Scenario => ({
  isExtra: staleReads > 1,
  name: `after a confirm, ${staleReads} stale reads, ${pendingReads} of pending, ${confirmingReads} of confirming`,
  workflow: full,
  answers: fullAnswers,
  server: { readings: { pendingReads, confirmingReads, staleReads } },
  expected: { exit: 0, confirmed: fullConfirmed },
});

export const courses: readonly Scenario[] = [
  through('progress that stalls and runs backwards', show({ progress: 80 }), show({ progress: 20 })),
  through('progress that is no percentage', show({ progress: 'half' }), show({ progress: -3e9 })),
  through('unknown status words', show({ status: 'queued' }), show({ status: 'post_processing' })),
  through(
    'a step of control characters',
    show({ progress: 5, currentStep: '\u001b[2J\u001b]0;x\u0007\u202e' }),
  ),
  {
    name: 'a job that stays at 99 for ever',
    workflow: {
      specId: 'goal_lane.stuck',
      slots: [],
      steps: Array.from({ length: 99 }, () => show({ progress: 99 })),
    },
    flags: ['--max-wait', '8'],
    expected: { exit: 5 },
  },
  {
    name: 'a job that fails',
    workflow: { specId: 'goal_lane.bad', slots: [], steps: [{ fail: 'The résumé is empty' }] },
    expected: { exit: 1 },
    also: ({ run }) =>
      run.stdout.includes('The résumé is empty') ? [] : ['the reason of the failure is not reported'],
  },
  {
    name: 'a job that fails, with an object as its error',
    workflow: { specId: 'goal_lane.bad', slots: [], steps: [{ fail: { code: 'E7', message: 'Too long' } }] },
    expected: { exit: 1 },
    also: ({ run }) => (run.stdout.includes('Too long') ? [] : ['the reason of the failure is not reported']),
  },
  {
    name: 'two checkpoints',
    workflow: pausedTwice,
    answers: { confirmed_titles: 'Lead', approval: 'yes' },
    expected: { exit: 0, confirmed: [...reviewed, ['final_review', { approval: 'yes' }]] },
  },
  {
    name: 'the same checkpoint twice, in earnest, with a list of answers',
    workflow: pausedAgain,
    answers: { confirmed_titles: ['Lead', 'Head'] },
    expected: { exit: 0, confirmed: [...reviewed, ['profile_review', { confirmed_titles: 'Head' }]] },
  },
  {
    name: 'the same checkpoint twice, in earnest, after stale reads of the first',
    workflow: pausedAgain,
    answers: { confirmed_titles: ['Lead', 'Head'] },
    server: { readings: { staleReads: 2, confirmBumps: true } },
    expected: { exit: 0, confirmed: [...reviewed, ['profile_review', { confirmed_titles: 'Head' }]] },
  },
  {
    name: 'a checkpoint without an answer',
    workflow: paused,
    expected: { exit: 3, confirmed: [['', {}]] },
    also: ({ run }) => (run.stdout.includes('confirmed_titles') ? [] : ['the slot is not named']),
  },
  {
    name: 'a job that fails without a word',
    workflow: { specId: 'goal_lane.bad', slots: [], steps: [{ fail: undefined }] },
    expected: { exit: 1 },
  },
  {
    name: 'a checkpoint that asks for nothing but a confirm',
    workflow: { specId: 'goal_lane.nod', slots: [], steps: [{ ask: { checkpointId: 'nod', slots: [] } }] },
    expected: {
      exit: 0,
      confirmed: [
        ['', {}],
        ['nod', {}],
      ],
    },
  },
  {
    name: 'a checkpoint whose only slot may stay empty',
    workflow: {
      specId: 'goal_lane.free',
      slots: [],
      steps: [{ ask: { checkpointId: 'free', slots: [{ slotId: 'wish', type: 'text', required: false }] } }],
    },
    expected: {
      exit: 0,
      confirmed: [
        ['', {}],
        ['free', {}],
      ],
    },
  },
  lingering(3, 2, 0),
  lingering(0, 0, 2),
  lingering(7, 0, 0),
  lingering(0, 0, 7),
  lingering(1, 1, 1),
];
