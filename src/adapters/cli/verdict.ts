import type { JobOutput } from '../../machines/job-output.js';
import type { Failure, FailureKind } from '../../services/failure.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { isResultGone } from './result-gone.js';

/** Why this command let go of a job, where the job itself cannot know. */
export type OwnReason = 'interrupted' | 'input-needed' | 'outcome-unknown';

/** How a job ended, for the script that waits for it. */
export interface Verdict {
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
  'key-refused': EXIT.keyRefused,
} as const;

/** Kinds that end a job which could not be started; all others mean that it failed. */
const WITHOUT_A_JOB: Readonly<Partial<Record<FailureKind, ExitCode>>> = {
  'invalid-input': EXIT.usage,
  file: EXIT.usage,
  // The store would not take the job, so nothing of it was sent.
  storage: EXIT.usage,
};

const ANYWHERE: Readonly<Partial<Record<FailureKind, ExitCode>>> = {
  'key-refused': EXIT.keyRefused,
  'outcome-unknown': EXIT.outcomeUnknown,
  'rate-limited': EXIT.unusable,
  server: EXIT.unusable,
  network: EXIT.unusable,
  'bad-response': EXIT.unusable,
  aborted: EXIT.unusable,
};

/** The catalog's path names nothing that could be missing: this is no server of the API, or not its base URL. */
const isNoApi = ({ kind, path }: Failure): boolean => kind === 'not-found' && path === '/workflows/catalog';

/** The exit code for a failure; `hasJob` where a job was there when it happened. */
export function exitCodeFor(failure: Failure, hasJob: boolean): ExitCode {
  if (isNoApi(failure)) return EXIT.unusable;
  const alone = hasJob ? undefined : WITHOUT_A_JOB[failure.kind];
  return alone ?? ANYWHERE[failure.kind] ?? EXIT.jobFailed;
}

export interface VerdictFacts {
  readonly because?: OwnReason | undefined;
  /** The job was named by the user: one that the server does not know is a wrong name, not a job that failed. */
  readonly isAttached?: boolean;
}

/** One place where outputs meet exit codes. */
export function verdictOf(output: JobOutput, facts: VerdictFacts = {}): Verdict {
  const { because, isAttached = false } = facts;
  if (output.status === 'completed') return { exitCode: EXIT.saved, type: 'completed', output };
  if (output.status === 'detached') {
    const exitCode = because === undefined ? REASONS[output.reason] : BECAUSE[because];
    return { exitCode, type: 'detached', output, ...(because === undefined ? {} : { because }) };
  }
  const isRefusedName = ['not-found', 'invalid-input'].includes(output.failure.kind);
  const isUnknownName = isAttached && isRefusedName && !isResultGone(output.failure);
  const exitCode = isUnknownName ? EXIT.usage : exitCodeFor(output.failure, output.jobSpecId !== undefined);
  return { exitCode, type: exitCode === EXIT.jobFailed ? 'failed' : 'error', output };
}
