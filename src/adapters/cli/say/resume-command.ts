import type { JobOutput } from '../../../machines/job-output.js';

/** What a later command needs to find the same job again. */
export interface ResumeFacts {
  /** This store's name for the job; absent where nothing is stored. */
  readonly storedId?: string | undefined;
  /** Flags to repeat, as `[name, value]`. */
  readonly flags: readonly (readonly [string, string])[];
}

/** A word as a POSIX shell reads it back. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The command that goes on with a job, where there is one. */
export function resumeCommand(output: JobOutput, { storedId, flags }: ResumeFacts): string | undefined {
  const jobSpecId = output.jobSpecId;
  const target =
    storedId !== undefined
      ? ['resume', storedId]
      : jobSpecId !== undefined
        ? ['attach', jobSpecId]
        : undefined;
  if (target === undefined) return undefined;
  return ['goal-lane', ...target, ...flags.flat()].map(shellWord).join(' ');
}
