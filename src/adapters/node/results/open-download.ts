import type { SaveOptions } from '../../../machines/ports.js';
import { defined } from '../../../services/defined.js';
import { isGoalLaneError } from '../../../services/errors/goal-lane-error.js';
import type { GoalClient, ResultStream } from '../../../services/goal-client.js';
import { onDisk } from '../local-failure.js';
import { createPart, dropPart, leavePart, type PartFile } from './part-file.js';
import { identityOf, type PartOwner } from './part-name.js';

/** One call that saves a result. */
export interface Saving extends SaveOptions {
  readonly client: Pick<GoalClient, 'fetchResult' | 'redact'>;
  readonly dir: string;
  readonly owner: PartOwner;
  readonly jobSpecId: string;
  readonly url: string;
  /** As sent by the API. */
  readonly filename: string | undefined;
}

/** A part file and the stream of the bytes that follow it. */
export interface Opened {
  readonly part: PartFile;
  readonly stream: ResultStream;
}

/** Whether storage sends the rest of our part: only an equal ETag proves it; a different total disproves it. */
function fits({ of, bytes }: PartFile, { part, etag, totalBytes }: ResultStream): boolean {
  // Everything was received under one ETag: a 416 need not repeat it.
  if (part === 'end') return totalBytes === bytes && of.totalBytes === bytes && (etag ?? of.etag) === of.etag;
  const isSameTotal = of.totalBytes === undefined || totalBytes === undefined || of.totalBytes === totalBytes;
  return part === 'rest' && etag !== undefined && etag === of.etag && isSameTotal;
}

/** Replies of a store, or of something in front of it, that does not support ranges. */
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

/** Continues the part of an earlier attempt if storage allows it; otherwise starts over. */
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
