import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { threadId } from 'node:worker_threads';
import { isCode } from '../../../engine/store/error-code.js';
import { isProcessGone } from '../../../engine/store/lease/process-liveness.js';
import {
  isWhole,
  nextPath,
  type PartName,
  type PartOwner,
  parseName,
  type ResultIdentity,
  THIS_HOST,
  THIS_PROCESS,
  type WholePart,
} from './part-name.js';

/** An unfinished result on disk that this process is writing. */
export interface PartFile {
  readonly path: string;
  readonly handle: FileHandle;
  /** Hash of the existing bytes. */
  readonly hash: Hash;
  readonly bytes: number;
  readonly of: ResultIdentity;
}

/** A complete result without its final name, claimed by this process. */
export interface NamelessFile extends WholePart {
  readonly path: string;
}

/** What an earlier attempt left. */
export type Leftover =
  | { readonly type: 'unfinished'; readonly part: PartFile }
  | { readonly type: 'whole'; readonly file: NamelessFile };

/** A part of another process, or of an earlier attempt, counts as abandoned after this time without a write. */
const ABANDONED_MS = 600_000;

/** Parts that this process is writing. */
const held = new Set<string>();

const isOurs = (uid: number): boolean => process.getuid === undefined || uid === process.getuid();

/** Whether the writer of a part has certainly closed it: an earlier attempt in this thread, or a process that is gone. */
function isLetGo({ host, pid, startedAt, thread }: PartName): boolean {
  if (host !== THIS_HOST) return false;
  const isThis = pid === THIS_PROCESS.pid && startedAt === THIS_PROCESS.startedAt;
  if (isThis) return thread === threadId;
  return isProcessGone({ ...THIS_PROCESS, pid, startedAt });
}

type Fate = 'not-ours' | 'abandoned' | 'placed';

async function fateOf(name: PartName): Promise<Fate> {
  if (held.has(name.path)) return 'not-ours';
  const stats = await lstat(name.path).catch(() => undefined);
  // A link may lead anywhere, and another user could change a file of theirs while we continue it.
  if (!stats?.isFile() || !isOurs(stats.uid)) return 'not-ours';
  if (!isLetGo(name) && Date.now() - stats.mtimeMs <= ABANDONED_MS) return 'not-ours';
  // Only a plain file with a single name is ever written to. With a second name it is a result whose process died while naming it
  // (or somebody else's trap): only this name is removed.
  return stats.nlink === 1 ? 'abandoned' : 'placed';
}

const FLAGS = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);

/** Claims a leftover by renaming it: of two processes only one succeeds. Undefined if it cannot be claimed. */
async function takeOver(dir: string, owner: PartOwner, name: PartName): Promise<PartFile | undefined> {
  const path = nextPath(dir, owner, name.of);
  held.add(path);
  let handle: FileHandle | undefined;
  try {
    await rename(name.path, path);
    handle = await open(path, FLAGS);
    const stats = await handle.stat();
    const hash = createHash('sha256');
    let bytes = 0;
    if (stats.isFile() && stats.nlink === 1 && isOurs(stats.uid)) {
      for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) {
        hash.update(chunk);
        bytes += chunk.length;
      }
    }
    const of = isWhole(name.of) ? { origin: '' } : name.of;
    return { path, handle, hash, bytes, of };
  } catch {
    // Another process was faster, or access is denied: there is nothing to resume, and the result is downloaded again.
    await handle?.close().catch(() => undefined);
    held.delete(path);
    return undefined;
  }
}

/** Two replies can only be combined if they have the same ETag and origin. */
const canContinue = ({ of, bytes }: PartFile, origin: string): boolean =>
  bytes > 0 && of.etag !== undefined && of.origin === origin && bytes <= (of.totalBytes ?? bytes);

const isIntact = ({ hash, bytes }: PartFile, whole: WholePart): boolean =>
  bytes === whole.bytes && hash.copy().digest('hex') === whole.sha256;

const worth = (leftover: Leftover | undefined): number =>
  leftover === undefined ? 0 : leftover.type === 'whole' ? Number.POSITIVE_INFINITY : leftover.part.bytes;

async function claimOne(
  dir: string,
  owner: PartOwner,
  origin: string,
  name: PartName,
): Promise<Leftover | undefined> {
  const fate = await fateOf(name);
  if (fate === 'placed') await rm(name.path, { force: true });
  const part = fate === 'abandoned' ? await takeOver(dir, owner, name) : undefined;
  if (part === undefined) return undefined;
  if (isWhole(name.of) && isIntact(part, name.of)) {
    await part.handle.close();
    return { type: 'whole', file: { ...name.of, path: part.path } };
  }
  if (!isWhole(name.of) && canContinue(part, origin)) return { type: 'unfinished', part };
  await dropPart(part);
  return undefined;
}

const dropLeftover = (leftover: Leftover): Promise<void> =>
  leftover.type === 'unfinished' ? dropPart(leftover.part) : dropWhole(leftover.file);

/** The resumable leftover of this job's result, if any; the others are removed. */
export async function claimPart(
  dir: string,
  owner: PartOwner,
  origin: string,
): Promise<Leftover | undefined> {
  let best: Leftover | undefined;
  for (const file of await readdir(dir)) {
    const name = parseName(dir, file, owner);
    const found = name && (await claimOne(dir, owner, origin, name));
    if (found === undefined) continue;
    const isBetter = worth(found) > worth(best);
    const worse = isBetter ? best : found;
    if (isBetter) best = found;
    if (worse !== undefined) await dropLeftover(worse);
  }
  return best;
}

/** Removes leftovers of a job's result that can never be completed; complete ones stay. Does nothing if there are none. */
export async function removeParts(dir: string, owner: PartOwner): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  for (const file of names) {
    const name = parseName(dir, file, owner);
    if (name === undefined || (await fateOf(name)) === 'not-ours') continue;
    if (!isWhole(name.of)) await rm(name.path, { force: true }).catch(() => undefined);
  }
}

/** Creates a part; never through a link, and never over an existing file. */
export async function createPart(dir: string, owner: PartOwner, of: ResultIdentity): Promise<PartFile> {
  const path = nextPath(dir, owner, of);
  const handle = await open(path, 'wx+');
  held.add(path);
  return { path, handle, hash: createHash('sha256'), bytes: 0, of };
}

/** Closes a part and leaves it for the next attempt; removes it if it has no bytes or no ETag. */
export async function leavePart(part: PartFile): Promise<void> {
  const { size } = await part.handle.stat().catch(() => ({ size: 0 }));
  if (size === 0 || part.of.etag === undefined) return dropPart(part);
  await part.handle.close();
  held.delete(part.path);
}

/** Closes a complete part and renames it so that the next attempt recognises it as complete. */
export async function keepWhole(
  dir: string,
  owner: PartOwner,
  part: PartFile,
  whole: WholePart,
): Promise<NamelessFile> {
  const path = nextPath(dir, owner, whole);
  held.add(path);
  await part.handle.close();
  try {
    await rename(part.path, path);
    held.delete(part.path);
    return { ...whole, path };
  } catch (error) {
    held.delete(path);
    // Nothing can be renamed in this folder: the bytes stay where they are.
    if (isCode(error, 'ENOENT')) throw error;
    return { ...whole, path: part.path };
  }
}

/** The file has its final name, or stays for the next attempt. */
export const letGo = (file: Pick<NamelessFile, 'path'>): boolean => held.delete(file.path);

/** Closes a part and removes it. */
export async function dropPart(part: PartFile): Promise<void> {
  await part.handle.close().catch(() => undefined);
  await rm(part.path, { force: true });
  held.delete(part.path);
}

async function dropWhole(file: NamelessFile): Promise<void> {
  await rm(file.path, { force: true });
  letGo(file);
}
