import type { JobOutput } from '../../../machines/job-output.js';

/** What a later command needs to find the same job. */
export interface ResumeFacts {
  /** The job's id in this store; absent if nothing is stored. */
  readonly storedId?: string | undefined;
  /** Flags to repeat, as `[name, value]`. */
  readonly flags: readonly (readonly [string, string])[];
}

/** Quotes a word for a POSIX shell. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The command that resumes a job, if there is one. */
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
