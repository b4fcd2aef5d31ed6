import { isResultGone } from '../../../machines/failure/let-go-failure.js';
import { isSaidByApi } from '../../../machines/failure/said-by-api.js';
import type { JobOutput } from '../../../machines/job-output.js';
import type { Failure, FailureKind } from '../../../services/failure.js';
import { EXIT, type ExitCode } from './exit-code.js';

/** Why this command detached from a job, if the job itself cannot know. */
export type OwnReason = 'interrupted' | 'input-needed' | 'outcome-unknown';

/** How a job ended, for the calling script. */
export interface CommandResult {
  readonly exitCode: ExitCode;
  /** The `type` of the last line of `--json`. */
  readonly type: 'completed' | 'failed' | 'detached' | 'error';
  readonly output: JobOutput;
  readonly because?: OwnReason;
}

const BECAUSE: Readonly<Record<OwnReason, ExitCode>> = {
  interrupted: EXIT.interrupted,
  'input-needed': EXIT.inputNeeded,
  'outcome-unknown': EXIT.outcomeUnknown,
};

const REASONS = {
  requested: EXIT.interrupted,
  'max-wait': EXIT.maxWait,
  'input-needed': EXIT.inputNeeded,
  unreachable: EXIT.unusable,
  'local-failure': EXIT.unusable,
  'outcome-unknown': EXIT.outcomeUnknown,
  'key-refused': EXIT.keyRefused,
} as const;

const BY_KIND: Readonly<Partial<Record<FailureKind, ExitCode>>> = {
  'job-failed': EXIT.jobFailed,
  'outcome-unknown': EXIT.outcomeUnknown,
  'rate-limited': EXIT.unusable,
  server: EXIT.unusable,
  network: EXIT.unusable,
  'bad-response': EXIT.unusable,
  aborted: EXIT.unusable,
};

/** The path of the catalog contains no id: if it is missing, this is not a server of the API, or not its base URL. */
const isNoApi = ({ kind, path }: Failure): boolean => kind === 'not-found' && path === '/workflows/catalog';

/**
 * The exit code for a failure; `hasJob`: whether a job existed when it happened. Only if the API reports it, a job has failed: a
 * refusal before a job exists means that nothing was started, and a later refusal does not mean that the job failed (law 7, never
 * disowned).
 */
export function exitCodeFor(failure: Failure, hasJob: boolean): ExitCode {
  if (isNoApi(failure)) return EXIT.unusable;
  const known = BY_KIND[failure.kind];
  if (known !== undefined) return known;
  if (!isSaidByApi(failure)) return EXIT.unusable;
  if (failure.kind === 'key-refused') return EXIT.keyRefused;
  return hasJob ? EXIT.unusable : EXIT.usage;
}

export interface ResultFacts {
  readonly because?: OwnReason | undefined;
  /** The user named the job, and it was never read: if the server does not know it, the name is wrong. */
  readonly isOnlyNamed?: boolean;
}

type Detached = Extract<JobOutput, { status: 'detached' }>;

function letGoResult(output: Detached, { because, isOnlyNamed = false }: ResultFacts): CommandResult {
  if (because !== undefined) {
    const exitCode = BECAUSE[because];
    // It is unknown whether there is a job at all.
    return { exitCode, type: exitCode === EXIT.outcomeUnknown ? 'error' : 'detached', output, because };
  }
  const { failure, reason } = output;
  if (reason === 'outcome-unknown') return { exitCode: REASONS[reason], type: 'error', output };
  const isUnusable = REASONS[reason] === EXIT.unusable && failure !== undefined;
  const isWrongName =
    isOnlyNamed &&
    isUnusable &&
    isSaidByApi(failure) &&
    ['not-found', 'invalid-input'].includes(failure.kind);
  if (isWrongName) return { exitCode: EXIT.usage, type: 'error', output };
  // There is nothing left to resume.
  if (isUnusable && isResultGone(failure)) return { exitCode: EXIT.unusable, type: 'error', output };
  return { exitCode: REASONS[reason], type: 'detached', output };
}

/** The only place that maps outputs to exit codes. */
export function commandResult(output: JobOutput, facts: ResultFacts = {}): CommandResult {
  if (output.status === 'completed') return { exitCode: EXIT.saved, type: 'completed', output };
  if (output.status === 'detached') return letGoResult(output, facts);
  const exitCode = exitCodeFor(output.failure, output.jobSpecId !== undefined);
  return { exitCode, type: exitCode === EXIT.jobFailed ? 'failed' : 'error', output };
}
