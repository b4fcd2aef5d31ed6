import type { JobPorts, SaveOptions } from '../../machines/ports.js';
import { HEAD_BYTES } from '../../services/content/check-content.js';
import { createDoubts } from '../../services/content/doubts.js';
import { isNamedByType, resultName } from '../../services/content/result-name.js';
import { verifyResult } from '../../services/content/verify-result.js';
import { type FileEnds, ZIP_TAIL_BYTES } from '../../services/content/zip-shape.js';
import { defined } from '../../services/defined.js';
import { errorFromFailure } from '../../services/errors/error-from-failure.js';
import { isGoalLaneError } from '../../services/errors/goal-lane-error.js';
import type { GoalClient, ResultStream } from '../../services/goal-client.js';

/** A result in memory. */
export interface BlobResult {
  /** The server's file name, reduced to a safe base name. */
  readonly name: string;
  readonly blob: Blob;
}

/** The bytes of a result received so far. */
interface Collected {
  readonly blobs: Blob[];
  bytes: number;
  etag: string | undefined;
  totalBytes: number | undefined;
}

const nothing = (): Collected => ({ blobs: [], bytes: 0, etag: undefined, totalBytes: undefined });

/** Chunks are combined into Blobs of this size, because a browser may store Blobs on its disk, but not loose buffers. */
const BLOB_BYTES = 8 * 1024 * 1024;

const hex = (buffer: ArrayBuffer): string =>
  [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function collect(into: Collected, stream: ResultStream, onProgress: SaveOptions['onProgress']) {
  let loose: BlobPart[] = [];
  let looseBytes = 0;
  const gather = (): void => {
    if (loose.length > 0) into.blobs.push(new Blob(loose));
    into.bytes += looseBytes;
    loose = [];
    looseBytes = 0;
  };
  try {
    for await (const chunk of stream.chunks) {
      loose.push(chunk.slice());
      looseBytes += chunk.byteLength;
      const { totalBytes } = into;
      onProgress?.({
        receivedBytes: into.bytes + looseBytes,
        ...defined({ totalBytes }),
      });
      if (looseBytes >= BLOB_BYTES) gather();
    }
  } finally {
    // Bytes received before an error are kept for the next attempt.
    gather();
  }
}

const tooMuch = (bytes: number, total: number): Error =>
  errorFromFailure({
    kind: 'network',
    message: `the result has ${bytes} bytes where ${total} were announced`,
    advice: 'Try again; it is fetched from the beginning.',
    delivery: 'unknown',
    method: 'GET',
  });

/** Continues an earlier attempt if storage confirms it by an ETag; otherwise starts over. */
async function open(
  client: Pick<GoalClient, 'fetchResult'>,
  url: string,
  held: Collected,
  options: SaveOptions,
) {
  if (held.etag !== undefined && held.bytes > 0) {
    const stream = await client.fetchResult({ url, from: held.bytes, ifRange: held.etag }, options);
    const isSame = stream.etag === held.etag && stream.totalBytes === held.totalBytes;
    if (stream.part === 'rest' && isSame) return { stream, held };
    if (stream.part === 'whole') return { stream, held: nothing() };
    stream.close();
  }
  return { stream: await client.fetchResult({ url }, options), held: nothing() };
}

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());

const endsOf = async (blob: Blob): Promise<FileEnds> => ({
  bytes: blob.size,
  head: await bytesOf(blob.slice(0, HEAD_BYTES)),
  tail: await bytesOf(blob.slice(Math.max(0, blob.size - ZIP_TAIL_BYTES))),
});

/** The name of a complete result, its hash, and whether it is what was promised. */
async function examine(
  { jobSpecId, download }: Parameters<JobPorts['saveResult']>[0],
  { contentType, suggestedName, isDelimited = false }: ResultStream,
  blob: Blob,
  { redact }: Pick<GoalClient, 'redact'>,
  doubts: ReturnType<typeof createDoubts>,
) {
  // The platform's hash does not accept streams: the bytes are in memory twice meanwhile.
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  const about = { jobSpecId, url: download.url, contentType };
  const sources = { ...about, filename: download.filename, suggestedName };
  const name = resultName(sources);
  const ends = await endsOf(blob);
  const found = { ...about, ...ends, name, isDelimited, sha256, redact };
  const verification = verifyResult({ ...found, isNamedByType: isNamedByType(sources) }, doubts);
  return { name, sha256, verification };
}

/** Downloads results into Blobs and keeps them until they are taken. `file` of the saved result is the name to take it by. */
export function createBlobStore(client: Pick<GoalClient, 'fetchResult' | 'redact'>) {
  const results = new Map<string, BlobResult>();
  const broken = new Map<string, Collected>();
  const doubts = createDoubts();
  const saveResult: JobPorts['saveResult'] = async (input, options) => {
    const { jobSpecId, download } = input;
    const { stream, held } = await open(client, download.url, broken.get(jobSpecId) ?? nothing(), options);
    broken.set(jobSpecId, held);
    held.etag = stream.etag ?? held.etag;
    held.totalBytes = stream.totalBytes ?? held.totalBytes;
    await collect(held, stream, options.onProgress).catch((error: unknown) => {
      // A body that contradicts its headers cannot be continued.
      if (isGoalLaneError(error) && error.kind === 'bad-response') broken.delete(jobSpecId);
      throw error;
    });
    broken.delete(jobSpecId);
    if (held.totalBytes !== undefined && held.bytes !== held.totalBytes)
      throw tooMuch(held.bytes, held.totalBytes);
    const blob = new Blob(held.blobs);
    const { name, sha256, verification } = await examine(input, stream, blob, client, doubts);
    const file = `${jobSpecId}/${name}`;
    results.set(file, { name, blob });
    return { file, bytes: blob.size, sha256, ...verification };
  };
  const takeResult = (file: string): BlobResult | undefined => {
    const result = results.get(file);
    results.delete(file);
    return result;
  };
  return { saveResult, takeResult };
}
