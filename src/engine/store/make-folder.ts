import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isCode } from './error-code.js';

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;

/**
 * Makes a folder and those above it. Node's own recursive `mkdir` never returns where a folder exists and cannot hold
 * another (`/proc`): it takes the refusal for a parent that is missing. `mode` is for the folders that are made.
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
