import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { safeFileName } from '../../../../services/content/safe-file-name.js';
import type { UploadedFile } from '../../wire/row.js';
import { ConsoleError } from '../console-error.js';
import { steadyParts } from '../steady-parts.js';

export interface SpoolOptions {
  /** Created with mode 0700 if it is missing. What else is in it is never read or deleted. */
  readonly directory: string;
  readonly now: () => number;
  /** For one file. */
  readonly maxFileBytes: number;
  /** For all files together. */
  readonly maxBytes: number;
  /** Ends an upload that sends nothing for this time, in ms, or less than 1 kB a second. */
  readonly silenceMs: number;
}

export interface Spool {
  readonly receive: (
    id: string,
    name: string,
    announced: number,
    body: AsyncIterable<Uint8Array>,
  ) => Promise<UploadedFile & { readonly sha256: string }>;
  readonly list: () => readonly UploadedFile[];
  readonly pathOf: (id: string) => string | undefined;
  /** The uploads behind the paths of a job. */
  readonly uploadsOf: (paths: readonly string[]) => readonly UploadedFile[];
  readonly claim: (ids: readonly string[]) => void;
  readonly remove: (id: string) => Promise<void>;
  /** Deletes uploads older than a day, except those in use, by their ids. */
  readonly sweep: (inUse: ReadonlySet<string>) => Promise<void>;
}

interface Kept extends UploadedFile {
  readonly path: string;
  readonly at: number;
  isClaimed: boolean;
}

/** Begins the name of each folder that a spool creates: a host may name a folder that holds other things. */
const PREFIX = 'goal-lane-upload-';

const folderOf = (directory: string, id: string): string => join(directory, `${PREFIX}${id}`);

const DAY_MS = 24 * 3_600_000;
/** The part of the disk that stays free. */
const FREE_PART = 0.05;

const words = (bytes: number): string =>
  bytes >= 1024 ** 3 ? `${Math.round(bytes / 1024 ** 3)} GB` : `${Math.round(bytes / 1024 ** 2)} MB`;

/** Writes the body, at most as many bytes as announced. */
async function writeBody(
  file: FileHandle,
  announced: number,
  body: AsyncIterable<Uint8Array>,
  silenceMs: number,
): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of steadyParts(body, silenceMs)) {
    bytes += part.byteLength;
    if (bytes > announced) throw new ConsoleError(413, 'longer', 'More bytes arrived than were announced.');
    hash.update(part);
    await file.write(part);
  }
  if (bytes !== announced)
    throw new ConsoleError(400, 'shorter', 'The file did not arrive completely. Try again.');
  return hash.digest('hex');
}

/** The uploads of a spool. */
interface Uploads {
  readonly options: SpoolOptions;
  readonly kept: Map<string, Kept>;
  /** Bytes that uploads in flight have announced. */
  readonly coming: Map<string, number>;
}

function checkSize({ options, kept, coming }: Uploads, announced: number): void {
  const { maxFileBytes, maxBytes } = options;
  if (announced > maxFileBytes)
    throw new ConsoleError(413, 'too_large', `The file is larger than ${words(maxFileBytes)}.`);
  const sizes = [...[...kept.values()].map(({ bytes }) => bytes), ...coming.values()];
  const taken = sizes.reduce((sum, bytes) => sum + bytes, 0);
  if (taken + announced > maxBytes)
    throw new ConsoleError(507, 'spool_full', `All uploads together may take ${words(maxBytes)}.`);
}

async function checkDisk(directory: string, announced: number): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(directory);
  if (bavail * bsize - announced < blocks * bsize * FREE_PART)
    throw new ConsoleError(507, 'disk_full', 'The disk of this computer is nearly full.');
}

/** Stores a body in a folder of its own, which is gone again if that fails. Returns its path and hash. */
async function storeFile(
  folder: string,
  name: string,
  write: (file: FileHandle) => Promise<string>,
): Promise<{ readonly path: string; readonly sha256: string }> {
  await mkdir(folder, { mode: 0o700 });
  try {
    const part = join(folder, `.${randomBytes(6).toString('hex')}.part`);
    const file = await open(part, 'wx', 0o600);
    const sha256 = await write(file).finally(() => file.close());
    const path = join(folder, name);
    await rename(part, path);
    return { path, sha256 };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function receiverOf(uploads: Uploads): Spool['receive'] {
  const { kept, coming } = uploads;
  const { directory, now, silenceMs } = uploads.options;
  return async (id, given, bytes, body) => {
    if (kept.has(id) || coming.has(id))
      throw new ConsoleError(409, 'id_in_use', 'There is already an upload with this id.');
    try {
      checkSize(uploads, bytes);
      // Before anything is awaited: uploads that begin at once count for each other.
      coming.set(id, bytes);
      await checkDisk(directory, bytes);
      const name = safeFileName(given, 'file');
      const { path, sha256 } = await storeFile(folderOf(directory, id), name, (file) =>
        writeBody(file, bytes, body, silenceMs),
      );
      kept.set(id, { id, name, bytes, path, at: now(), isClaimed: false });
      return { id, name, bytes, sha256 };
    } finally {
      coming.delete(id);
    }
  };
}

/** Uploads on their way from the page to Convilyn: complete, safely named, limited in size. */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { directory, now } = options;
  const kept = new Map<string, Kept>();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await readBefore(directory, kept);

  async function remove(id: string): Promise<void> {
    kept.delete(id);
    await rm(folderOf(directory, id), { recursive: true, force: true });
  }

  return {
    receive: receiverOf({ options, kept, coming: new Map() }),
    list: () => [...kept.values()].filter(({ isClaimed }) => !isClaimed).map(publicFile),
    pathOf: (id) => kept.get(id)?.path,
    uploadsOf: (paths) =>
      [...kept.values()]
        .filter(({ path }) => paths.includes(path))
        .map((upload) => {
          upload.isClaimed = true;
          return publicFile(upload);
        }),
    claim(ids) {
      for (const id of ids) {
        const upload = kept.get(id);
        if (upload !== undefined) upload.isClaimed = true;
      }
    },
    remove,
    async sweep(inUse) {
      for (const { id, at } of [...kept.values()])
        if (now() - at > DAY_MS && !inUse.has(id)) await remove(id);
    },
  };
}

const publicFile = ({ id, name, bytes }: Kept): UploadedFile => ({ id, name, bytes });

/** Uploads of an earlier process: only complete files, no links. */
async function readBefore(directory: string, kept: Map<string, Kept>): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const id = entry.name.slice(PREFIX.length);
    if (!entry.isDirectory() || !entry.name.startsWith(PREFIX) || !/^[\w-]{1,64}$/.test(id)) continue;
    const folder = folderOf(directory, id);
    const names = await readdir(folder).catch(() => []);
    const [name] = names.filter((file) => !file.startsWith('.'));
    const facts = name === undefined ? undefined : await lstat(join(folder, name)).catch(() => undefined);
    if (name === undefined || !facts?.isFile() || name.includes(sep))
      await rm(folder, { recursive: true, force: true });
    else
      kept.set(id, {
        id,
        name,
        bytes: facts.size,
        path: join(folder, name),
        at: facts.mtimeMs,
        isClaimed: false,
      });
  }
}
