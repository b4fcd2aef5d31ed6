import type { SaveOptions } from '../../../machines/ports.js';
import { defined } from '../../../services/defined.js';
import { isGoalLaneError } from '../../../services/errors/goal-lane-error.js';
import type { GoalClient, ResultStream } from '../../../services/goal-client.js';
import { onDisk } from '../local-failure.js';
import { createPart, dropPart, leavePart, type PartFile } from './part-file.js';
import { identityOf, type PartOwner } from './part-name.js';

/** One call to save a result. */
export interface Saving extends SaveOptions {
  readonly client: Pick<GoalClient, 'fetchResult' | 'redact'>;
  readonly dir: string;
  readonly owner: PartOwner;
  readonly jobSpecId: string;
  readonly url: string;
  /** As the API sent it. */
  readonly filename: string | undefined;
}

/** A part, and the bytes that belong behind those which are there. */
export interface Opened {
  readonly part: PartFile;
  readonly stream: ResultStream;
}

/** Is what storage sends the rest of what we hold? Only the same ETag says so; a total that differs says no. */
function fits({ of, bytes }: PartFile, { part, etag, totalBytes }: ResultStream): boolean {
  // All of it is held, and all of that under one ETag: a 416 need not repeat it.
  if (part === 'end') return totalBytes === bytes && of.totalBytes === bytes && (etag ?? of.etag) === of.etag;
  const isSameTotal = of.totalBytes === undefined || totalBytes === undefined || of.totalBytes === totalBytes;
  return part === 'rest' && etag !== undefined && etag === of.etag && isSameTotal;
}

/** A store or what stands before it may know no ranges, and say so in one of these ways. */
const NO_RANGES = new Set([400, 405, 412, 416, 417, 501]);

const mayHaveMeantTheRange = (error: unknown): boolean =>
  isGoalLaneError(error) && error.failure.status !== undefined && NO_RANGES.has(error.failure.status);

async function ask(saving: Saving, left: PartFile): Promise<ResultStream> {
  const { client, url } = saving;
  const { etag } = left.of;
  try {
    const rest = { url, from: left.bytes, ...defined({ ifRange: etag }) };
    return await client.fetchResult(rest, saving);
  } catch (error) {
    if (!mayHaveMeantTheRange(error)) throw error;
    return client.fetchResult({ url }, saving);
  }
}

async function beginDownload(saving: Saving, stream: ResultStream): Promise<Opened> {
  const { totalBytes, etag } = stream;
  const identity = identityOf(saving.url, totalBytes, etag);
  try {
    const part = await onDisk(saving.dir, () => createPart(saving.dir, saving.owner, identity));
    return { part, stream };
  } catch (error) {
    stream.close();
    throw error;
  }
}

/** Goes on with what an earlier try left, where storage lets us; else starts over. */
export async function openDownload(saving: Saving, left: PartFile | undefined): Promise<Opened> {
  const { client, url } = saving;
  if (left === undefined) return beginDownload(saving, await client.fetchResult({ url }, saving));
  let stream: ResultStream;
  try {
    stream = await ask(saving, left);
  } catch (error) {
    await leavePart(left);
    throw error;
  }
  if (fits(left, stream)) return { part: left, stream };
  await dropPart(left);
  if (stream.part === 'whole') return beginDownload(saving, stream);
  stream.close();
  return beginDownload(saving, await client.fetchResult({ url }, saving));
}
