import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { makeFolder } from '../../../engine/store/make-folder.js';
import { DEFAULT_OUT_DIR } from '../../node/create-node-ports.js';
import { UsageError } from '../ends/usage-error.js';

/**
 * Creates the directory for results and checks that it is writable, before anything is sent.
 * @throws UsageError
 */
export async function prepareOutDirectory(flag: string | undefined): Promise<string> {
  const path = flag ?? DEFAULT_OUT_DIR;
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
