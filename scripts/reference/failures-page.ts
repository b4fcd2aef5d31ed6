import { commandResult, exitCodeFor } from '../../src/adapters/cli/ends/command-result.js';
import type { CallKind, RetryDecision } from '../../src/machines/failure/retry-policy.js';
import { afterFailure, DEFAULT_RETRY, judge, LOCAL_KINDS } from '../../src/machines/failure/retry-policy.js';
import type { DetachReason } from '../../src/machines/job-output.js';
import { errorFromFailure } from '../../src/services/errors/error-from-failure.js';
import type { Failure, FailureKind } from '../../src/services/failure.js';
import { cureFor, SPEAKER_WORDS, type Speaker } from '../../src/services/speakers/speaker-of.js';
import type { Declarations } from './declarations.js';
import { docSummary } from './doc-comment.js';
import { unionMembers } from './events-page.js';
import { CURES } from './failure-cures.js';
import { code, page, table } from './markdown.js';

const KINDS = Object.keys(CURES) as FailureKind[];

/** No reply came, or none that was understood. */
const WITHOUT_REPLY: ReadonlySet<FailureKind> = new Set([
  'network',
  'bad-response',
  'aborted',
  'outcome-unknown',
]);

/** A failure of this kind as it comes first, said by the API where the API says such things. */
export function sampleFailure(kind: FailureKind): Failure {
  const isLocal = LOCAL_KINDS.has(kind);
  const isLost = WITHOUT_REPLY.has(kind) || kind === 'server';
  return {
    kind,
    message: kind,
    advice: '',
    delivery: isLost ? 'unknown' : isLocal ? 'not-sent' : 'refused',
    ...(isLocal || WITHOUT_REPLY.has(kind) ? {} : { speaker: 'api' }),
    ...(kind === 'rate-limited' ? { retryAt: 60_000 } : {}),
  };
}

const DECISIONS: Readonly<Record<RetryDecision, string>> = {
  rateLimited: 'waits for the limit',
  backOff: 'pauses, tries again',
  reRead: 'reads the job again',
  giveUp: 'ends',
};

/** What the machine does about the first such failure of a call. */
export function firstDecision(kind: FailureKind, call: CallKind): string {
  const setback = afterFailure(DEFAULT_RETRY, undefined, sampleFailure(kind), 0, 0.5);
  return DECISIONS[judge(DEFAULT_RETRY, setback, call)];
}

function kindPart(kind: FailureKind, meaning: string): string {
  const { cause, cure } = CURES[kind];
  const failure = sampleFailure(kind);
  const lines = [
    `- **Meaning** ${meaning}`,
    `- **Cause** ${cause}`,
    `- **Cure** ${cure}`,
    `- **Thrown as** ${code(errorFromFailure(failure).name)} (by the client of \`goal-lane/services\`)`,
    `- **Exit code** ${exitCodeFor(failure, false)} where no job came to be${kind === 'job-failed' ? `; ${exitCodeFor(failure, true)} of a job` : ''}`,
  ];
  return `### ${kind} {#${kind}}\n\n${lines.join('\n')}`;
}

const CALL_KINDS: readonly (readonly [CallKind, string])[] = [
  ['before-job', 'before there is a job'],
  ['about-job', 'reads of a job, its download'],
  ['guarded', 'PATCH and confirm'],
];

const exitOf = (reason: DetachReason): number => commandResult({ status: 'detached', reason }).exitCode;

/** Every kind of failure, with its cause and cure, and what is done about it. */
export function failuresPage(declarations: Declarations): string {
  const file = 'dist/services/failure.d.ts';
  const meanings = new Map(
    unionMembers(declarations, declarations.find(file, 'FailureKind')).map(({ word, comment }) => [
      word,
      docSummary(comment),
    ]),
  );
  const missing = KINDS.filter((kind) => !meanings.has(kind));
  if (missing.length > 0) throw new Error(`no such kind of failure: ${missing.join(', ')}`);
  const delivery = unionMembers(declarations, declarations.find(file, 'Delivery'));
  const reasons = unionMembers(
    declarations,
    declarations.find('dist/machines/job-output.d.ts', 'DetachReason'),
  );
  const speakers = Object.keys(SPEAKER_WORDS) as Exclude<Speaker, 'api'>[];
  return page(
    'Failures',
    'Every kind of failure: what causes it, what to do about it, and what is done by itself.',
    [
      'A failure is plain data: `kind`, `message`, and `advice`, which says in one sentence what to do next. It stands in `outcome.failure`, in the events `failed`, `retrying`, `rateLimited` and `outcomeUnknown`, in a view, and in the last line of `--json`. The typed errors of the client carry it as `error.failure`.',
      '## What is done by itself {#by-itself}',
      'The first time that a call fails so, where the API itself says it. How often it is tried again, and for how long, is among the [defaults that matter](defaults.md). The create is an exception: it is repeated only where the server certainly did not act ([law 1](../laws.md)).',
      table(
        ['kind', ...CALL_KINDS.map(([, name]) => name)],
        KINDS.filter((kind) => kind !== 'outcome-unknown').map((kind) => [
          `[${kind}](#${kind})`,
          ...CALL_KINDS.map(([call]) => firstDecision(kind, call)),
        ]),
      ),
      '“Ends” means `failed` where no job came to be, and `detached`, resumable, where there is one (law 7). Refused slots (`validation`) are asked for again instead. With [outcome-unknown](#outcome-unknown) the job waits for your decision.',
      '## The kinds {#kinds}',
      ...KINDS.map((kind) => kindPart(kind, meanings.get(kind) ?? '')),
      '## Whether the server may have acted {#delivery}',
      '`failure.delivery` is what law 1 is decided by:',
      '- `not-sent`: it certainly did not see the request.\n- `refused`: the API itself answered that it did not act.\n- `unknown`: it may have acted.'.concat(
        delivery.length === 3 ? '' : '\n\n',
      ),
      '## Who said it {#speaker}',
      '`failure.speaker` is absent where there was no reply. Only what `api` says is reported as the API’s reply (law 8); for the others the advice fits the sender:',
      table(
        ['speaker', 'who it is', 'cure'],
        speakers.map((speaker) => [code(speaker), SPEAKER_WORDS[speaker], cureFor(speaker, 403)]),
      ),
      '## Where a job was detached {#detached}',
      '`outcome.reason`, and what the command line ends with:',
      table(
        ['reason', 'meaning', 'exit code'],
        reasons.map(({ word, comment }) => [
          code(word),
          docSummary(comment),
          String(exitOf(word as DetachReason)),
        ]),
      ),
    ],
  );
}
