import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hashFile } from '../../../node/hash-file.js';

/** A file that is no longer being written. */
export interface ArrivedFile {
  /** Absolute. */
  readonly path: string;
  /** Of the content, hex. */
  readonly sha256: string;
}

export interface ArrivalOptions {
  readonly signal: AbortSignal;
  /** How often the folder is polled, in ms. */
  readonly everyMs?: number;
  /** A file that has not changed for this long (ms) is complete; an empty one after five times as long. */
  readonly quietMs?: number;
}

/** Names that programs use for unfinished files. */
const UNFINISHED = /^[.~]|~$|\.(part|partial|tmp|temp|crdownload|download|swp|filepart)$/i;

interface Seen {
  readonly mark: string;
  readonly since: number;
  isTaken: boolean;
}

const abortable = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/** An empty file often is one that a program is about to fill. */
const EMPTY_QUIET = 5;
const quietFor = (mark: string, quietMs: number): number =>
  mark.startsWith('0:') ? quietMs * EMPTY_QUIET : quietMs;

/** Size and times: if any of them changes, the file is still being written. */
async function markOf(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats?.isFile() === true ? `${stats.size}:${stats.mtimeNs}:${stats.ino}` : undefined;
}

/**
 * The files of a folder, existing and new, each once it has not changed for a while; again if its content changes. The folder is
 * polled, because network disks do not report changes. Subfolders are ignored. Ends with the signal.
 */
export async function* arrivingFiles(
  folder: string,
  { signal, everyMs = 500, quietMs = 2_000 }: ArrivalOptions,
): AsyncGenerator<ArrivedFile> {
  const seen = new Map<string, Seen>();
  while (!signal.aborted) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => !UNFINISHED.test(name)).sort();
    for (const gone of [...seen.keys()].filter((name) => !names.includes(name))) seen.delete(gone);
    for (const name of names) {
      const path = join(folder, name);
      const mark = await markOf(path);
      const before = seen.get(name);
      if (mark === undefined) continue;
      if (before?.mark !== mark) {
        seen.set(name, { mark, since: performance.now(), isTaken: false });
        continue;
      }
      if (before.isTaken || performance.now() - before.since < quietFor(mark, quietMs)) continue;
      const sha256 = await hashFile(path, signal).catch(() => undefined);
      // Written to while it was read: it is still changing.
      if (sha256 === undefined || (await markOf(path)) !== mark) continue;
      before.isTaken = true;
      yield { path, sha256 };
      if (signal.aborted) return;
    }
    await abortable(pause(everyMs, undefined, { signal }));
  }
}
