import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FileFacts, JobPorts } from '../../machines/ports.js';
import { hashFile } from './hash-file.js';
import { fileFailure, readingTrouble } from './local-failure.js';

export interface InspectOptions {
  /** Reads each file for its sha256, so that it is known again even where its time has changed. Default false. */
  readonly hashFiles?: boolean;
}

type Look = { readonly facts: FileFacts } | { readonly finding: string };

async function lookAt(path: string, hashFiles: boolean, signal: AbortSignal): Promise<Look> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return { finding: `${path}: it is a directory` };
    if (!stats.isFile()) return { finding: `${path}: it is not a regular file` };
    await access(path, constants.R_OK);
    const facts = {
      handle: path,
      name: basename(path),
      bytes: stats.size,
      modifiedAt: Math.trunc(stats.mtimeMs),
    };
    return { facts: hashFiles ? { ...facts, sha256: await hashFile(path, signal) } : facts };
  } catch (error) {
    signal.throwIfAborted();
    return { finding: `${path}: ${readingTrouble(error)}` };
  }
}

/** Looks at local files; rejects with kind `file`, naming each that is missing, unreadable or no regular file. */
export const inspectFiles =
  ({ hashFiles = false }: InspectOptions = {}): JobPorts['inspectFiles'] =>
  async ({ handles }, { signal }) => {
    const looks: Look[] = [];
    // One after the other: with hashes the disk is the bottleneck, without them it takes no time.
    for (const path of handles) looks.push(await lookAt(path, hashFiles, signal));
    const findings = looks.flatMap((look) => ('finding' in look ? [look.finding] : []));
    if (findings.length > 0) throw fileFailure(findings, 'Check the paths; nothing was sent.');
    return looks.flatMap((look) => ('facts' in look ? [look.facts] : []));
  };
