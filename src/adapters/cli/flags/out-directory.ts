import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { makeFolder } from '../../../engine/store/make-folder.js';
import { UsageError } from '../ends/usage-error.js';

/** Where results go when nobody says. */
const DEFAULT_OUT = 'goal-lane-results';

/**
 * Makes the directory for results, and sees that it can be written, before anything is sent.
 * @throws UsageError
 */
export async function prepareOutDirectory(flag: string | undefined): Promise<string> {
  const path = flag ?? DEFAULT_OUT;
  try {
    if (path === '') throw new Error('it has no name');
    await makeFolder(path);
    await access(path, constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--out ${path}: cannot be used (${why})`, 'Name a directory that you may write to.');
  }
}
