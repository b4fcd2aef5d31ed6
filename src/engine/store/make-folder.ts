import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isCode } from './error-code.js';

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;

/**
 * Creates a folder and its parents. Node's own recursive `mkdir` never returns if a folder exists and cannot contain another
 * (`/proc`): it mistakes the refusal for a missing parent. `mode` applies to new folders.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, mode);
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (!isCode(error, 'EEXIST') || !(await isFolder(path))) throw error;
  }
}
