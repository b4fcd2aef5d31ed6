import type { ExitCode } from '../ends/exit-code.js';

/** The checks of the doctor, in this order. */
export type CheckName =
  | 'runtime'
  | 'key'
  | 'base-url'
  | 'out'
  | 'store'
  | 'network'
  | 'tls'
  | 'answered-by'
  | 'key-accepted'
  | 'clock'
  | 'limits'
  | 'latency'
  | 'terminal';

/** `warning`: a job would still run. `skipped`: an earlier finding prevents the check. */
export type Mark = 'ok' | 'warning' | 'wrong' | 'skipped';

/** The result of one check. */
export interface Finding {
  readonly check: CheckName;
  readonly mark: Mark;
  readonly text: string;
  /** What to do about it, in one sentence. Present for every `wrong`. */
  readonly cure?: string;
  /** The exit code that `run` would return. Present for every `wrong`. */
  readonly exitCode?: ExitCode;
}

export const ok = (check: CheckName, text: string): Finding => ({ check, mark: 'ok', text });

export const warning = (check: CheckName, text: string, cure: string): Finding => ({
  check,
  mark: 'warning',
  text,
  cure,
});

export const wrong = (check: CheckName, text: string, cure: string, exitCode: ExitCode): Finding => ({
  check,
  mark: 'wrong',
  text,
  cure,
  exitCode,
});

export const skipped = (check: CheckName, text: string): Finding => ({ check, mark: 'skipped', text });
