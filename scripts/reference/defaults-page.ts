import { DEFAULT_OUT_DIR } from '../../src/adapters/node/create-node-ports.js';
import { DEFAULT_AT_ONCE } from '../../src/engine/binding/upload-files.js';
import { DAY_MS, URL_LIFE_MS } from '../../src/engine/durable/retention.js';
import { DEFAULT_LEASE_MS } from '../../src/engine/durable/wire-stored-jobs.js';
import { KEPT_ENTRIES } from '../../src/engine/job/history/history-pages.js';
import { GOOD_FOR_MS } from '../../src/engine/lane/catalog-cache.js';
import { PLAN_NAMES, planHint } from '../../src/engine/lane/starts/plan-hint.js';
import {
  CONCURRENCY_PAUSE_MS,
  DEFAULT_RETRY,
  LOOKUP_PATIENCE_MS,
  PATIENCE_MS,
  USUAL_PATIENCE_MS,
} from '../../src/machines/failure/retry-policy.js';
import { POLL_INTERVAL_MS } from '../../src/machines/states/watching.js';
import { DEFAULT_BASE_URL } from '../../src/services/check-options.js';
import { DEFAULT_TIMEOUT_MS } from '../../src/services/create-client.js';
import type { FailureKind } from '../../src/services/failure.js';
import { exitTable } from './command-page.js';
import { CURES } from './failure-cures.js';
import { firstDecision } from './failures-page.js';
import { code, page, table } from './markdown.js';

const UNITS = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** A span in the largest unit in which it is a whole number. */
export function span(ms: number): string {
  const unit = UNITS.find(([size]) => ms >= size && ms % size === 0);
  return unit === undefined ? `${ms} ms` : `${ms / unit[0]} ${unit[1]}`;
}

const KINDS = Object.keys(CURES) as FailureKind[];
/** `outcome-unknown` is tried again only where the host's policy says so. */
const triedAgain = KINDS.filter(
  (kind) => kind !== 'outcome-unknown' && firstDecision(kind, 'before-job') === 'pauses, tries again',
);
const waitedOut = KINDS.filter(
  (kind) =>
    !triedAgain.includes(kind) &&
    kind !== 'outcome-unknown' &&
    firstDecision(kind, 'about-job') === 'pauses, tries again',
);
const neverAgain = KINDS.filter((kind) => firstDecision(kind, 'about-job') === 'ends');
const list = (kinds: readonly FailureKind[]): string =>
  kinds.map((kind) => `[${kind}](failures.md#${kind})`).join(', ');

const { baseMs, capMs, maxAttempts, maxTotalMs } = DEFAULT_RETRY;

const retried = (): readonly string[] => [
  '## What is tried again, and how often {#retries}',
  `A call that fails in a way that may heal (${list(triedAgain)}) is tried **${maxAttempts} times** in a row, the first included, and for no more than **${span(maxTotalMs)}**. The pause before a try is drawn evenly between nothing and a bound that begins with ${span(baseMs)} and doubles each time, up to ${span(capMs)}. A success ends the row.`,
  table(
    ['`retry`', 'default', 'what it is'],
    [
      ['`baseMs`', span(baseMs), 'bound of the first pause'],
      ['`capMs`', span(capMs), 'bound of any pause'],
      ['`maxAttempts`', String(maxAttempts), 'tries in a row'],
      ['`maxTotalMs`', span(maxTotalMs), 'time of tries and pauses in a row'],
    ],
  ),
  `Once a job may live, a refusal is not its end (law 7): ${list(waitedOut)} are waited out for ${span(USUAL_PATIENCE_MS)} (${(Object.keys(PATIENCE_MS) as FailureKind[]).map(code).join(' and ')} for ${span(PATIENCE_MS['not-found'] ?? 0)}; an id that was only ever typed in, for ${span(LOOKUP_PATIENCE_MS)}), with pauses that grow. What stays ends in \`detached\`, resumable.`,
  `A limit whose end the server names is waited for, however long. Where too many jobs run at once, it is asked again after about ${span(CONCURRENCY_PAUSE_MS)}.`,
];

const never = (): readonly string[] => [
  '## What is never repeated {#never}',
  [
    '- **The create**, once it has left and no answer of the API’s own came back: the job stands in `preparing.outcomeUnknown`, and you decide. Only where nothing left this machine, or where the API itself said that it did nothing, it is tried again. `onUnknownOutcome` (default `ask`) decides beforehand; `retry` may make a second job.',
    '- **PATCH and confirm** with the item version that was refused: the job is read first.',
    `- **What is wrong on this machine**, or is the API’s last word: ${list(neverAgain)}.`,
    '- **The key** to anywhere but the origin of the base URL.',
  ].join('\n'),
];

const times = (): readonly string[] => [
  '## Times {#times}',
  table(
    ['what', 'how long', 'can be changed by'],
    [
      [
        'between two reads of a job’s status',
        `${span(POLL_INTERVAL_MS)} at least`,
        'nothing: the reference asks for it (Step 6)',
      ],
      ['an uploaded file without a job', span(DAY_MS), 'the server (Step 2); it is uploaded again'],
      ['a pre-signed URL', span(URL_LIFE_MS), 'the server (Step 8); a fresh one is asked for'],
      ['a result, after the job has completed', span(DAY_MS), 'the server (Step 8)'],
      ['a call, from sending to the last byte of its reply', span(DEFAULT_TIMEOUT_MS), '`requestTimeoutMs`'],
      ['an upload or a download without a byte', span(DEFAULT_TIMEOUT_MS), '`stallTimeoutMs`'],
      ['a whole job', 'no limit', '`deadlineAt`, `--max-wait`'],
      ['the lease of a stored job whose process has gone', span(DEFAULT_LEASE_MS), '`leaseMs`'],
      ['the catalog of a lane', span(GOOD_FOR_MS), 'nothing'],
    ],
  ),
];

const choices = (): readonly string[] => [
  '## Choices {#choices}',
  table(
    ['what', 'default', 'can be changed by'],
    [
      ['base URL', code(DEFAULT_BASE_URL), '`baseUrl`, `CONVILYN_BASE_URL`'],
      [
        'where results go',
        `${code(DEFAULT_OUT_DIR)} in the working directory; nothing is overwritten`,
        '`outDir`, `--out`',
      ],
      ['files of a job that go up at once', String(DEFAULT_AT_ONCE), '`uploadsAtOnce`'],
      ['a slot without a value', 'a person is asked', "`missingSlots: 'fail'`, `--no-input`"],
      ['the start of a job', 'at once', "`confirm: 'manual'`, `--confirm manual`"],
      ['another actor’s value in one of our slots', 'a person is asked', '`onSlotConflict`'],
      [
        'files of 0 bytes, files that are given twice',
        'refused before anything is sent',
        '`emptyFiles`, `repeatedFiles`',
      ],
      ['the result', 'is saved and checked', "`delivery: 'link'` ends with the URL"],
      ['jobs after their process', 'kept by the command line, not by the library', '`store`, `--store`'],
      ['what a stored job did', `${KEPT_ENTRIES} entries`, 'nothing'],
    ],
  ),
];

const plans = (): string =>
  table(
    ['plan', 'jobs at once', 'status reads a minute', 'jobs a day'],
    PLAN_NAMES.map((name) => {
      const { concurrentJobs, statusReadsPerMinute, createsPerDay } = planHint(name);
      const perDay = createsPerDay === Number.POSITIVE_INFINITY ? 'no limit' : String(createsPerDay);
      return [code(name), String(concurrentJobs), String(statusReadsPerMinute), perDay];
    }),
  );

/** What a host gets that says nothing; each value from the code. */
export const defaultsPage = (): string =>
  page(
    'Defaults that matter',
    'What happens where you say nothing: what is tried again, what never, how long things last. Every value on this page is taken from the code.',
    [
      ...retried(),
      ...never(),
      ...times(),
      ...choices(),
      '## Limits of the plans {#plans}',
      'What the reference says (Rate Limits). A lane learns the limits of its key from the server; `plan` is a hint for the beginning.',
      plans(),
      '## Exit codes {#exit-codes}',
      exitTable(),
    ],
  );
