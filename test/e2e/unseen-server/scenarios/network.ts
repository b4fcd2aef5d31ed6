import { type Call, type Fault, html } from '../faults.js';
import { plain, type Scenario } from '../scenario.js';
import { full, fullAnswers, fullConfirmed } from './workflows.js';

/** What every call must survive; whether a create may be repeated after it is another matter. */
export const troubles: Readonly<Record<string, Fault>> = {
  '500 with HTML': html(500),
  '502 with HTML': html(502),
  '502 after acting': { ...html(502), acting: true } as Fault,
  '503 with Retry-After': { do: 'answer', status: 503, headers: { 'Retry-After': '1' } },
  '504, empty': { do: 'answer', status: 504, body: '' },
  '408': { do: 'answer', status: 408, body: '{"error": "timeo', type: 'application/json' },
  'reset before acting': { do: 'reset' },
  'reset after acting': { do: 'reset', acting: true },
  'hung, then closed': { do: 'hang', ms: 900 },
  'hung after acting, then closed': { do: 'hang', ms: 900, acting: true },
  'a slow reply': { do: 'slow', ms: 1_200 },
  'a reply cut in the middle': { do: 'cut' },
  'a reply of malformed JSON': { do: 'garble', body: '{"jobSpecId": "job_1", "status": ' },
  'a reply of HTML with 200': { do: 'garble', body: '<html><body>maintenance</body></html>' },
  'not listening for a while': { do: 'refuse', ms: 700 },
  '429 with a reset': { do: 'limit', ms: 1_500, header: 'reset' },
  '429 with Retry-After': { do: 'limit', ms: 1_500, header: 'retry-after' },
  '429 with Retry-After as a date': { do: 'limit', ms: 1_500, header: 'retry-after-date' },
  '429 without any header': { do: 'limit', ms: 0, header: 'none' },
};

/** Like enough to another of them. */
const ALIKE: ReadonlySet<string> = new Set([
  '502 with HTML',
  '504, empty',
  'hung, then closed',
  'reset before acting',
  'a reply of HTML with 200',
  '429 with Retry-After as a date',
]);

const CALLS: readonly Call[] = ['catalog', 'upload', 'slots', 'confirm', 'status', 'download', 'storage'];

/** What certainly left no job, or only a slow one: 408 does not, for what was begun may still end. */
const isRefusal = (fault: Fault): boolean => fault.do === 'limit' || fault.do === 'slow';

/** Every call but create meets the same trouble once. A garbled reply to a confirm or a PATCH is no trouble: a 202 may hold anything. */
export const everywhere: readonly Scenario[] = Object.entries(troubles).map(([name, fault]) => ({
  name: `${name}, on every call but create`,
  isExtra: ALIKE.has(name),
  workflow: full,
  answers: fullAnswers,
  server: { faults: CALLS.map((on) => ({ on, nth: 1, fault })) },
  expected: { exit: 0, confirmed: fullConfirmed },
}));

/** One call, one trouble: what fails above is found here. */
export const eachAlone: readonly Scenario[] = CALLS.flatMap((on) =>
  Object.entries(troubles).map(([name, fault]) => ({
    name: `${name}, on ${on}`,
    isExtra: true,
    workflow: full,
    answers: fullAnswers,
    server: { faults: [{ on, nth: on === 'slots' || on === 'confirm' ? 2 : 1, fault }] },
    expected: { exit: 0, confirmed: fullConfirmed },
  })),
);

const acts = (fault: Fault): boolean =>
  ('acting' in fault && fault.acting === true) || ['cut', 'garble', 'slow'].includes(fault.do);

/** A create is sent again only where the server certainly did not act (law 1). */
export const creates: readonly Scenario[] = [
  ...Object.entries(troubles).map(([name, fault]): Scenario => {
    const expected = isRefusal(fault)
      ? { exit: 0, creates: fault.do === 'slow' ? 1 : 2 }
      : { exit: 6, jobs: acts(fault) ? 1 : 0, confirmed: [] };
    const server = { faults: [{ on: 'create', nth: 1, fault }] } as const;
    return { name: `${name}, on create`, isExtra: ALIKE.has(name), server, expected };
  }),
  {
    name: 'not listening when the create is due',
    workflow: plain,
    server: { faults: [{ on: 'upload', nth: 1, fault: { do: 'refuse', ms: 1_500, acting: true } }] },
    expected: { exit: 0 },
  },
];
