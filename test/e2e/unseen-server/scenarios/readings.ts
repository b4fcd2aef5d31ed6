import type { Readings } from '../readings.js';
import type { Scenario } from '../scenario.js';
import { full, fullAnswers, fullConfirmed, paused, reviewed, slotted } from './workflows.js';

/** Played together in other scenarios too. */
const EXTRA = [
  'extra fields',
  'nulls',
  'all in camelCase',
  'a clock that is minutes ahead',
  'no Date header',
];

const asRead = (name: string, readings: Partial<Readings>): Scenario => ({
  name: `read so: ${name}`,
  isExtra: EXTRA.includes(name),
  workflow: full,
  answers: fullAnswers,
  server: { readings },
  expected: { exit: 0, confirmed: fullConfirmed },
});

const untold = { statusVersion: 'never', confirmReply: 'nothing', patchReply: 'empty' } as const;

const readings: readonly Scenario[] = [
  asRead('PATCH returns only the version', { patchReply: 'version' }),
  asRead('PATCH returns nothing', { patchReply: 'empty' }),
  asRead('a confirm raises the version', { confirmBumps: true }),
  asRead('a confirm raises the version and returns it', { confirmBumps: true, confirmReply: 'version' }),
  asRead('a confirm answers with the job', { confirmReply: 'job', confirmBumps: true }),
  asRead('a confirm answers with a status', { confirmReply: 'status' }),
  asRead('a confirm answers with a word that is no JSON', { confirmReply: 'text' }),
  asRead('GET of the job shows no checkpoint', { jobShowsCheckpoint: false }),
  asRead('no slot is shown with its value', { showsValues: false }),
  asRead('every status contains the version', { statusVersion: 'always', confirmBumps: true }),
  asRead('no status contains the version', { statusVersion: 'never' }),
  asRead('only the job contains the version', { ...untold, jobShowsCheckpoint: false }),
  asRead('the same, and values are not shown', { ...untold, showsValues: false, confirmBumps: true }),
  asRead('all in snake_case', { spelling: 'snake' }),
  asRead('all in camelCase', { spelling: 'camel' }),
  asRead('all in data', { wrap: 'data' }),
  asRead('extra fields', { extras: true }),
  asRead('nulls', { nulls: true }),
  asRead('only what cannot be done without', { bare: true, shownRateLimits: false }),
  asRead('the catalog hides the slots', { catalogShowsSlots: false }),
  asRead('no Date header', { dateHeader: false }),
  asRead('a clock that is minutes behind', { skewMs: -400_000 }),
  asRead('a clock that is minutes ahead', { skewMs: 400_000 }),
];

const refusals: readonly Scenario[] = (['field', 'slotId', 'loc', 'text', 'map', 'none'] as const).flatMap(
  (fieldErrors): Scenario[] => {
    const check = (_: string, value: unknown) => (value === 'rude' ? 'must be polite' : undefined);
    return [
      {
        name: `422 on a slot, errors as ${fieldErrors}`,
        isExtra: fieldErrors !== 'field',
        workflow: slotted,
        answers: { tone: 'rude' },
        server: { readings: { fieldErrors }, check },
        expected: { exit: 3, confirmed: [] },
        also: ({ run }) =>
          run.stdout.includes(fieldErrors === 'none' ? 'slot tone: ' : 'must be polite')
            ? []
            : ['the slot is not named'],
      },
      {
        name: `422 on a slot, errors as ${fieldErrors}, and a second answer`,
        workflow: slotted,
        answers: { tone: ['rude', 'warm'] },
        server: { readings: { fieldErrors }, check },
        expected: { exit: 0, confirmed: [['', { tone: 'warm' }]] },
      },
    ];
  },
);

const echo = {
  do: 'answer',
  status: 401,
  body: { error: 'unauthorized', message: 'no key sk-unseen-3f9a7c' },
} as const;

const keys: readonly Scenario[] = [
  {
    name: 'a key that is refused, and echoed',
    env: { CONVILYN_API_KEY: 'sk-wrong-5d21' },
    expected: { exit: 4, creates: 0, jobs: 0 },
    also: ({ run }) =>
      `${run.stdout}${run.stderr}`.includes('sk-wrong-5d21') ? ['the wrong key is shown'] : [],
  },
  {
    name: 'a store on disk, with every trouble that quotes the request',
    workflow: full,
    answers: fullAnswers,
    store: true,
    server: {
      faults: (['catalog', 'upload', 'slots', 'confirm', 'status', 'download'] as const).map((on) => ({
        on,
        nth: 1,
        fault: { ...echo, status: 500 },
      })),
      storage: { cuts: 1, expiredUrls: 1 },
    },
    expected: { exit: 0, confirmed: fullConfirmed },
  },
  {
    name: 'a detached job with a store on disk',
    workflow: paused,
    store: true,
    expected: { exit: 3, confirmed: [['', {}]] },
  },
  {
    name: 'a key that is revoked while the job runs, and echoed',
    server: { faults: [{ on: 'status', nth: 1, times: 99, fault: echo }] },
    expected: { exit: 4 },
  },
];

const values: readonly Scenario[] = [
  {
    name: 'values of every kind',
    workflow: {
      specId: 'goal_lane.odd',
      slots: [],
      steps: [
        {
          ask: {
            checkpointId: 'q',
            slots: [
              { slotId: 'a.b[0]/ü', type: 'x' },
              { slotId: 'n', type: 'number' },
            ],
          },
        },
      ],
    },
    answers: JSON.parse('{"a.b[0]/ü": "\\u0000=;", "__proto__": "p", "n": 1e308}'),
    expected: {
      exit: 0,
      confirmed: [
        ['', {}],
        ['q', { 'a.b[0]/ü': '\u0000=;', n: 1e308 }],
      ],
    },
  },
  {
    name: 'a slot from --slot, with an equals sign in its value',
    workflow: full,
    flags: ['--slot', 'tone=warm=hot'],
    answers: { confirmed_titles: 'Lead' },
    expected: { exit: 0, confirmed: [['', { tone: 'warm=hot' }], ...reviewed.slice(1)] },
  },
];

export const readingScenarios: readonly Scenario[] = [...readings, ...refusals, ...keys, ...values];
