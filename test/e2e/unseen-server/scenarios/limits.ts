import type { Call, Limit } from '../faults.js';
import type { ResetFormat } from '../readings.js';
import type { Scenario } from '../scenario.js';
import { full, fullAnswers, fullConfirmed } from './workflows.js';

const FORMATS: readonly ResetFormat[] = ['seconds', 'milliseconds', 'delta', 'http-date', 'iso'];
const MINUTES = 60_000;
const CALLS: readonly Call[] = ['catalog', 'upload', 'slots', 'confirm', 'status', 'download'];

/** The clock of the server is right, ahead and behind; the `Date` header shows it. */
const formats: readonly Scenario[] = FORMATS.flatMap((resetFormat) =>
  [0, 7 * MINUTES, -7 * MINUTES].map(
    (skewMs): Scenario => ({
      name: `429 with its reset as ${resetFormat}, server clock ${skewMs / MINUTES} min off, on every call`,
      isExtra: skewMs !== 0 && resetFormat !== 'seconds',
      workflow: full,
      answers: fullAnswers,
      server: {
        readings: { resetFormat, skewMs },
        faults: [...CALLS, 'create' as const].map((on) => ({
          on,
          nth: 1,
          fault: { do: 'limit', ms: 1_200, header: 'reset', remaining: 0 },
        })),
      },
      expected: { exit: 0, creates: 2, confirmed: fullConfirmed },
    }),
  ),
);

const spent: readonly Scenario[] = FORMATS.map(
  (resetFormat): Scenario => ({
    name: `the last request of a window, reset as ${resetFormat}, on every call`,
    isExtra: resetFormat !== 'seconds' && resetFormat !== 'milliseconds',
    workflow: full,
    answers: fullAnswers,
    server: {
      readings: { resetFormat },
      faults: [...CALLS, 'create' as const].map((on) => ({ on, nth: 1, fault: { do: 'spent', ms: 3_500 } })),
    },
    expected: { exit: 0, confirmed: fullConfirmed },
  }),
);

const tooMany = (name: string, limit: Partial<Limit>): Scenario => ({
  name: `too many jobs at once, ${name}`,
  server: {
    faults: [
      {
        on: 'create',
        nth: 1,
        fault: { do: 'limit', ms: 4_000, header: 'reset', concurrency: true, ...limit },
      },
    ],
  },
  expected: { exit: 0, creates: 2 },
});

const dated: readonly Scenario[] = [MINUTES * 7, MINUTES * -7].map((skewMs) => ({
  name: `429 with Retry-After as a date, server clock ${skewMs / MINUTES} min off`,
  server: {
    readings: { skewMs },
    faults: (['create', 'status', 'download'] as const).map((on) => ({
      on,
      nth: 1,
      fault: { do: 'limit', ms: 1_200, header: 'retry-after-date' },
    })),
  },
  expected: { exit: 0, creates: 2 },
}));

export const limits: readonly Scenario[] = [
  ...formats,
  ...dated,
  ...spent,
  tooMany('with a reset a day away', {}),
  tooMany('with a reset a day away and nothing remaining', { remaining: 0 }),
  tooMany('with a reset a day away and creations remaining', { remaining: 6 }),
  tooMany('with Retry-After', { header: 'retry-after' }),
  tooMany('with no header at all', { header: 'none' }),
  {
    name: '429 with Retry-After and a reset',
    server: { faults: [{ on: 'status', nth: 1, fault: { do: 'limit', ms: 2_500, header: 'both' } }] },
    expected: { exit: 0 },
  },
  {
    name: 'the reset is an hour away and --max-wait is not',
    flags: ['--max-wait', '60'],
    server: { faults: [{ on: 'status', nth: 1, fault: { do: 'limit', ms: 3_600_000, header: 'reset' } }] },
    expected: { exit: 5 },
    also: ({ run }) => (run.ms > 50_000 ? [`it took ${run.ms} ms to say so`] : []),
  },
  {
    name: 'no creation is left today and --max-wait is short',
    flags: ['--max-wait', '60'],
    server: {
      faults: [
        { on: 'create', nth: 1, fault: { do: 'limit', ms: 36_000_000, header: 'reset', remaining: 0 } },
      ],
    },
    expected: { exit: 5, jobs: 0 },
  },
];
