import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FileFacts, JobPorts } from '../../../machines/ports.js';
import { hashFile } from '../hash-file.js';
import { fileFailure, readingTrouble } from '../local-failure.js';
import { identityOf } from './file-identity.js';

export interface InspectOptions {
  /** Reads each file for its sha256, so that it is known again even where its time has changed. Default false. */
  readonly hashFiles?: boolean;
}

async function holdsSomething(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, 0);
    return bytesRead > 0;
  } finally {
    await handle.close();
  }
}

type Look = { readonly facts: FileFacts } | { readonly finding: string };

async function lookAt(path: string, hashFiles: boolean, signal: AbortSignal): Promise<Look> {
  try {
    const stats = await stat(path, { bigint: true });
    if (stats.isDirectory()) return { finding: `${path}: it is a directory` };
    if (!stats.isFile()) return { finding: `${path}: it is not a regular file` };
    await access(path, constants.R_OK);
    const bytes = Number(stats.size);
    // Its length is not known beforehand, as of files that the system makes up (/proc): it would go up empty.
    if (bytes === 0 && (await holdsSomething(path)))
      return { finding: `${path}: it is said to be empty, and is not; make a copy of it and send that` };
    const facts = { handle: path, name: basename(path), bytes, ...identityOf(stats) };
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
