import { codeOf } from '../../engine/store/error-code.js';
import { errorFromFailure } from '../../services/errors/error-from-failure.js';
import { isGoalLaneError } from '../../services/errors/goal-lane-error.js';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
};

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Why a file cannot be read, in words. */
export const readingTrouble = (error: unknown): string => WORDS[codeOf(error)] ?? wordsOf(error);

/** The failure for local files that cannot be read or have changed; each finding names its file. */
export const fileFailure = (findings: readonly string[], advice: string): Error =>
  errorFromFailure({ kind: 'file', message: findings.join('; '), advice, delivery: 'not-sent', findings });

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: make room and attach to the job again.',
  EDQUOT: 'The quota of the disk is used up: make room and attach to the job again.',
  EROFS: 'The folder is read-only: choose another one and attach to the job again.',
  EACCES: 'No permission to write to the folder: choose another one and attach to the job again.',
  EPERM: 'No permission to write to the folder: choose another one and attach to the job again.',
};

/** The failure for a result that cannot be written. */
export const storageFailure = (where: string, error: unknown): Error =>
  errorFromFailure({
    kind: 'storage',
    message: `the result cannot be written to ${where}: ${wordsOf(error)}`,
    advice: ADVICE[codeOf(error)] ?? 'Choose another folder and attach to the job again.',
    delivery: 'not-sent',
  });

/** Reports errors of the disk; the client has already reported those of the network. */
export async function onDisk<Value>(dir: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw isGoalLaneError(error) ? error : storageFailure(dir, error);
  }
}

/** The failure for a result that is complete and checked, but cannot be renamed to its final name. */
export const namingFailure = (name: string, path: string, error: unknown): Error =>
  errorFromFailure({
    kind: 'storage',
    message: `the whole result is in ${path}, and cannot be named ${name}: ${wordsOf(error)}`,
    advice: `Rename that file yourself, or resume or attach to the job with the same folder: it is named again without a new download.`,
    delivery: 'not-sent',
  });
