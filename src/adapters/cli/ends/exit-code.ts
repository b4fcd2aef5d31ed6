/** The exit codes of the command. Fixed, because scripts depend on them. */
export const EXIT = {
  saved: 0,
  jobFailed: 1,
  usage: 2,
  inputNeeded: 3,
  keyRefused: 4,
  maxWait: 5,
  outcomeUnknown: 6,
  unusable: 7,
  /** As in sysexits.h: the output for stdout is lost. */
  outputLost: 74,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code for several jobs: success only if all succeeded, interrupted if one was, otherwise the highest code. */
export const worstOf = (codes: readonly ExitCode[]): ExitCode =>
  [...codes].sort((a, b) => b - a)[0] ?? EXIT.saved;
