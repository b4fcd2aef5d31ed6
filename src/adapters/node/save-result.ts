import { resolve } from 'node:path';
import type { JobPorts, SavedResult, SaveOptions } from '../../machines/ports.js';
import { errorFromFailure } from '../../services/errors/error-from-failure.js';
import { isGoalLaneError } from '../../services/errors/goal-lane-error.js';
import type { GoalClient, ResultStream } from '../../services/goal-client.js';
import { safeFileName } from '../../services/safe-file-name.js';
import { createChunkWriter } from './chunk-writer.js';
import { storageFailure } from './local-failure.js';
import { makeFolder } from './make-folder.js';
import { claimPart, createPart, dropPart, leavePart, type PartFile } from './part-file.js';
import { placeFile } from './place-file.js';

export interface SaveResultOptions {
  readonly client: Pick<GoalClient, 'fetchResult'>;
  /** Folder for results; made where it is missing. */
  readonly outDir: string;
}

interface Saving extends SaveOptions {
  readonly client: SaveResultOptions['client'];
  readonly dir: string;
  readonly jobSpecId: string;
  readonly url: string;
}

const PROGRESS_EVERY_MS = 100;

/** What the disk refuses is told as such; what the network did is told by the client. */
async function onDisk<Value>(dir: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw isGoalLaneError(error) ? error : storageFailure(dir, error);
  }
}

function progressOf(saving: Saving, totalBytes: number | undefined) {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (receivedBytes: number, isLast = false): void => {
    const now = performance.now();
    if (!isLast && now - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = now;
    saving.onProgress?.({ receivedBytes, ...(totalBytes === undefined ? {} : { totalBytes }) });
  };
}

/** Is what storage sends the rest of what we hold? With If-Range storage has vouched for it, else the total must be the same. */
function fits(part: PartFile, stream: ResultStream): boolean {
  if (part.etag !== undefined && stream.etag !== undefined && part.etag !== stream.etag) return false;
  const isSameTotal = part.totalBytes === undefined || part.totalBytes === stream.totalBytes;
  if (stream.part === 'end') return stream.totalBytes === part.bytes || part.totalBytes === part.bytes;
  return isSameTotal && (part.etag !== undefined || part.totalBytes !== undefined);
}

const fetchFrom = (saving: Saving, part: PartFile | undefined): Promise<ResultStream> =>
  saving.client.fetchResult(
    {
      url: saving.url,
      ...(part === undefined ? {} : { from: part.bytes, ...(part.etag ? { ifRange: part.etag } : {}) }),
    },
    saving,
  );

interface Opened {
  readonly part: PartFile;
  readonly stream: ResultStream;
}

/** What storage answers to a part's request; undefined where its answer makes no sense, so that the part is of no use. */
async function askForRest(saving: Saving, left: PartFile): Promise<ResultStream | undefined> {
  try {
    return await fetchFrom(saving, left);
  } catch (error) {
    if (isGoalLaneError(error) && error.kind === 'rejected') return undefined;
    await leavePart(left);
    throw error;
  }
}

/** Goes on with what an earlier try left, where storage lets us; else starts over. */
async function openDownload(saving: Saving): Promise<Opened> {
  const left = await onDisk(saving.dir, () => claimPart(saving.dir, saving.jobSpecId));
  if (left !== undefined) {
    const stream = await askForRest(saving, left);
    if (stream !== undefined && stream.part !== 'whole' && fits(left, stream)) return { part: left, stream };
    await dropPart(left);
    if (stream?.part === 'whole') return begin(saving, stream);
    stream?.close();
  }
  return begin(saving, await fetchFrom(saving, undefined));
}

async function begin(saving: Saving, stream: ResultStream): Promise<Opened> {
  const { totalBytes, etag } = stream;
  const identity = {
    ...(totalBytes === undefined ? {} : { totalBytes }),
    ...(etag === undefined ? {} : { etag }),
  };
  try {
    const part = await onDisk(saving.dir, () => createPart(saving.dir, saving.jobSpecId, identity));
    return { part, stream };
  } catch (error) {
    stream.close();
    throw error;
  }
}

/** What came is written whatever ends it: the next try goes on from there. */
async function receive(saving: Saving, { part, stream }: Opened): Promise<number> {
  const totalBytes = stream.totalBytes ?? part.totalBytes;
  const tell = progressOf(saving, totalBytes);
  const writer = createChunkWriter(part.handle, {
    position: part.bytes,
    hash: part.hash,
    expectedBytes: totalBytes,
  });
  let bytes = part.bytes;
  tell(bytes);
  try {
    for await (const chunk of stream.chunks) {
      const room = writer.write(chunk);
      if (room !== undefined) await onDisk(saving.dir, () => room);
      bytes += chunk.byteLength;
      tell(bytes);
    }
  } finally {
    await onDisk(saving.dir, () => writer.flush());
  }
  tell(bytes, true);
  return bytes;
}

const wrongLength = (bytes: number, total: number): Error =>
  errorFromFailure({
    kind: 'network',
    message: `the result has ${bytes} bytes where ${total} were announced`,
    advice: 'Try again; it is fetched from the beginning.',
    delivery: 'unknown',
    method: 'GET',
  });

async function finish(saving: Saving, opened: Opened, filename: string): Promise<SavedResult> {
  const { part, stream } = opened;
  const bytes = await receive(saving, opened);
  const total = stream.totalBytes ?? part.totalBytes;
  if (total !== undefined && bytes !== total) throw wrongLength(bytes, total);
  return onDisk(saving.dir, async () => {
    await part.handle.truncate(bytes);
    await part.handle.sync();
    const sha256 = part.hash.digest('hex');
    const file = await placeFile({ path: part.path, bytes, sha256 }, saving.dir, filename);
    await leavePart(part);
    return { file, bytes, sha256 };
  });
}

/** Only what broke off on the way is worth keeping, and only where it can be told what it is a part of. */
const isWorthKeeping = (part: PartFile, error: unknown): boolean =>
  isGoalLaneError(error) &&
  (error.kind === 'aborted' || error.kind === 'network' || error.kind === 'bad-response') &&
  (part.etag !== undefined || part.totalBytes !== undefined);

/**
 * Streams the result to a `.part` file beside its target, hashing as it goes, and gives it its name once it is whole and on the
 * disk. What broke off is left for the next call, in this process or a later one, which goes on from there (Step 8).
 * Rejects with kind `gone` (URL refused), `network` (broke off), `storage` (disk).
 */
export const saveResult =
  ({ client, outDir }: SaveResultOptions): JobPorts['saveResult'] =>
  async ({ jobSpecId, download }, options) => {
    const dir = resolve(outDir);
    const filename = safeFileName(download.filename, `${jobSpecId}.zip`);
    await onDisk(dir, () => makeFolder(dir));
    const saving: Saving = { ...options, client, dir, jobSpecId, url: download.url };
    const opened = await openDownload(saving);
    try {
      return await finish(saving, opened, filename);
    } catch (error) {
      opened.stream.close();
      await (isWorthKeeping(opened.part, error) ? leavePart(opened.part) : dropPart(opened.part));
      throw error;
    }
  };
