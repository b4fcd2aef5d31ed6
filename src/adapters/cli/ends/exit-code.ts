/** What the process says to the script that started it. Fixed: others script against it. */
export const EXIT = {
  saved: 0,
  jobFailed: 1,
  usage: 2,
  inputNeeded: 3,
  keyRefused: 4,
  maxWait: 5,
  outcomeUnknown: 6,
  unusable: 7,
  /** As in sysexits.h: what was to be read from stdout is lost. */
  outputLost: 74,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Several jobs, one process: success only if all succeeded, interrupted if it was, else the highest code. */
export const worstOf = (codes: readonly ExitCode[]): ExitCode =>
  [...codes].sort((a, b) => b - a)[0] ?? EXIT.saved;
