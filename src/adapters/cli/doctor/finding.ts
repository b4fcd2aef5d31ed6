import type { ExitCode } from '../ends/exit-code.js';

/** What the doctor looks at, in this order. */
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

/** `warning`: a job would still run. `skipped`: an earlier finding stands in the way. */
export type Mark = 'ok' | 'warning' | 'wrong' | 'skipped';

/** One thing that was looked at. */
export interface Finding {
  readonly check: CheckName;
  readonly mark: Mark;
  readonly text: string;
  /** What to do about it, in one sentence. With every `wrong`. */
  readonly cure?: string;
  /** The code that `run` would have ended with. With every `wrong`. */
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
