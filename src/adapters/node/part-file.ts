import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { safeFileName } from '../../services/safe-file-name.js';
import { feedHash } from './hash-file.js';
import { isCode } from './local-failure.js';

/** What is known of the result that a part is a part of; without either it cannot be gone on with. */
export interface ResultIdentity {
  readonly totalBytes?: number;
  /** Strong ETag. */
  readonly etag?: string;
}

/** An unfinished result on disk, in the hands of this process. */
export interface PartFile extends ResultIdentity {
  readonly path: string;
  readonly handle: FileHandle;
  /** Of the bytes that are there. */
  readonly hash: Hash;
  readonly bytes: number;
}

/** A part that another process left, or an earlier try of this one: nobody writes to it for so long. */
const ABANDONED_MS = 600_000;

const short = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

const HOST = short(hostname(), 6);
/** Parts that this process writes to now. */
const held = new Set<string>();
let counter = 0;

/** The name of a job's parts begins so; the hash keeps jobs apart whose ids look alike once they are cleaned. */
const prefixOf = (jobSpecId: string): string =>
  `.${safeFileName(jobSpecId, 'job').slice(0, 60)}-${short(jobSpecId, 8)}.`;

const encode = ({ totalBytes, etag = '' }: ResultIdentity): string =>
  `${totalBytes ?? 'x'}.${etag.length > 90 || etag === '' ? 'x' : Buffer.from(etag).toString('base64url')}`;

/** Whose part it is, and of what: all of it stands in the name, so that there is no second file to lose. */
function nextName(jobSpecId: string, identity: ResultIdentity): string {
  counter += 1;
  return `${prefixOf(jobSpecId)}${HOST}-${process.pid}-${counter}.${encode(identity)}.part`;
}

const NAME = /^([0-9a-f]{6})-(\d+)-\d+\.(\d+|x)\.([A-Za-z0-9_-]+)\.part$/;

interface Leftover extends ResultIdentity {
  readonly path: string;
  readonly host: string;
  readonly pid: number;
}

function parseName(dir: string, name: string, prefix: string): Leftover | undefined {
  const match = name.startsWith(prefix) ? NAME.exec(name.slice(prefix.length)) : null;
  if (match === null) return undefined;
  const [, host = '', pid = '', total = '', etag = ''] = match;
  return {
    path: join(dir, name),
    host,
    pid: Number(pid),
    ...(total === 'x' ? {} : { totalBytes: Number(total) }),
    ...(etag === 'x' ? {} : { etag: Buffer.from(etag, 'base64url').toString() }),
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

type Fate = 'not-ours' | 'abandoned' | 'placed';

async function fateOf({ path, host, pid }: Leftover): Promise<Fate> {
  if (held.has(path)) return 'not-ours';
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isFile()) return 'not-ours';
  const isGone = host === HOST && (pid === process.pid || !isRunning(pid));
  if (!isGone && Date.now() - stats.mtimeMs <= ABANDONED_MS) return 'not-ours';
  // Nothing but a plain file of one name is ever written to. With a second name it is a result whose process died as it was
  // placed (or somebody else's trap): only this name of it goes.
  return stats.nlink === 1 ? 'abandoned' : 'placed';
}

const FLAGS = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0);

/** Takes a leftover over by renaming it: of two processes only one succeeds. */
async function takeOver(dir: string, jobSpecId: string, leftover: Leftover): Promise<PartFile | undefined> {
  const path = join(dir, nextName(jobSpecId, leftover));
  held.add(path);
  try {
    await rename(leftover.path, path);
    const handle = await open(path, FLAGS);
    const hash = createHash('sha256');
    const bytes = await feedHash(hash, path);
    const { totalBytes, etag } = leftover;
    const identity = {
      ...(totalBytes === undefined ? {} : { totalBytes }),
      ...(etag === undefined ? {} : { etag }),
    };
    return { path, handle, hash, bytes, ...identity };
  } catch (error) {
    held.delete(path);
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const canGoOn = ({ totalBytes, etag, bytes }: PartFile): boolean =>
  bytes > 0 && (totalBytes !== undefined || etag !== undefined) && bytes <= (totalBytes ?? bytes);

/** The part that an earlier try left of this job's result, if it can be gone on with; those that cannot are removed. */
export async function claimPart(dir: string, jobSpecId: string): Promise<PartFile | undefined> {
  const prefix = prefixOf(jobSpecId);
  const names = await readdir(dir);
  const leftovers = names.map((name) => parseName(dir, name, prefix)).filter((part) => part !== undefined);
  let best: PartFile | undefined;
  for (const leftover of leftovers) {
    const fate = await fateOf(leftover);
    if (fate === 'placed') await rm(leftover.path, { force: true });
    if (fate !== 'abandoned') continue;
    const part = await takeOver(dir, jobSpecId, leftover);
    if (part === undefined) continue;
    const isBetter = canGoOn(part) && part.bytes > (best?.bytes ?? 0);
    const worse = isBetter ? best : part;
    if (isBetter) best = part;
    if (worse !== undefined) await dropPart(worse);
  }
  return best;
}

/** Removes what earlier tries left of a job's result that can never be completed. Harmless where there is nothing. */
export async function removeParts(dir: string, jobSpecId: string): Promise<void> {
  const prefix = prefixOf(jobSpecId);
  const names = await readdir(dir).catch(() => []);
  for (const leftover of names.map((name) => parseName(dir, name, prefix))) {
    if (leftover === undefined || (await fateOf(leftover)) === 'not-ours') continue;
    await rm(leftover.path, { force: true }).catch(() => undefined);
  }
}

/** A new part; never through a link, and never over a file that exists. */
export async function createPart(
  dir: string,
  jobSpecId: string,
  identity: ResultIdentity,
): Promise<PartFile> {
  const path = join(dir, nextName(jobSpecId, identity));
  const handle = await open(path, 'wx+');
  held.add(path);
  return { path, handle, hash: createHash('sha256'), bytes: 0, ...identity };
}

/** Closes a part and leaves it for the next try. */
export async function leavePart(part: PartFile): Promise<void> {
  await part.handle.close();
  held.delete(part.path);
}

/** Closes a part and removes it. */
export async function dropPart(part: PartFile): Promise<void> {
  await part.handle.close().catch(() => undefined);
  await rm(part.path, { force: true });
  held.delete(part.path);
}
