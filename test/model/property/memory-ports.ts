import { createHash } from 'node:crypto';
import { multipartBody } from '../../../src/adapters/emulator/index.js';
import type { Clock } from '../../../src/engine/binding/clock.js';
import { timePorts } from '../../../src/engine/binding/time-ports.js';
import type { FileFacts, JobPorts } from '../../../src/machines/ports.js';
import type { OpenFile } from '../../../src/services/bytes/upload-body.js';
import { HEAD_BYTES } from '../../../src/services/content/check-content.js';
import { createDoubts } from '../../../src/services/content/doubts.js';
import { isNamedByType, resultName } from '../../../src/services/content/result-name.js';
import { type ResultToVerify, verifyResult } from '../../../src/services/content/verify-result.js';
import { ZIP_TAIL_BYTES } from '../../../src/services/content/zip-shape.js';
import { errorFromFailure } from '../../../src/services/errors/error-from-failure.js';
import type { GoalClient, ResultStream } from '../../../src/services/goal-client.js';
import type { Download } from '../../../src/services/wire/wire-types.js';

/** Files and results without a disk: everything happens in the turn in which it is asked for, as virtual time wants it. */
export interface Memory {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly results: Map<string, Buffer>;
}

/** What a broken transfer left. */
interface Part {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly totalBytes: number;
}

const STALL_MS = 30_000;

const brokenOff = (): Error =>
  errorFromFailure({
    kind: 'network',
    message: 'the result is not whole',
    advice: 'Try again.',
    delivery: 'unknown',
  });

/** Aborts with the caller's signal, and when a transfer stands still by the virtual clock, which the client's own watchdog does not know. */
function watch(clock: Clock, signal: AbortSignal): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', abort);
  const cancel = clock.schedule(clock.now() + STALL_MS, () => controller.abort(brokenOff()));
  return {
    signal: controller.signal,
    stop() {
      signal.removeEventListener('abort', abort);
      cancel();
    },
  };
}

async function readAll(stream: ResultStream): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of stream.chunks) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), isWhole: true };
  } catch {
    return { bytes: Buffer.concat(chunks), isWhole: false };
  }
}

function arrived(
  jobSpecId: string,
  { url, filename }: Download,
  { contentType, suggestedName, isDelimited = false }: ResultStream,
  bytes: Buffer,
  sha256: string,
): ResultToVerify {
  const sources = { jobSpecId, url, contentType, filename, suggestedName };
  return {
    ...{ jobSpecId, url, contentType, isDelimited, sha256, bytes: bytes.length },
    ...{ name: resultName(sources), isNamedByType: isNamedByType(sources) },
    head: bytes.subarray(0, HEAD_BYTES),
    tail: bytes.subarray(-ZIP_TAIL_BYTES),
  };
}

function saveInMemory(client: GoalClient, clock: Clock, { results }: Memory): JobPorts['saveResult'] {
  let left: Part | undefined;
  const doubts = createDoubts();
  const save: JobPorts['saveResult'] = async ({ jobSpecId, download }, { signal }) => {
    const held = left;
    const range = held === undefined ? {} : { from: held.bytes.byteLength, ifRange: held.etag };
    const stream = await client.fetchResult({ url: download.url, ...range }, { signal });
    const before = held !== undefined && stream.part !== 'whole' ? held.bytes : Buffer.alloc(0);
    const { bytes: more, isWhole } = await readAll(stream);
    const bytes = Buffer.concat([before, more]);
    const { etag, totalBytes } = stream;
    if (!isWhole) {
      left =
        etag === undefined || totalBytes === undefined || bytes.length === 0
          ? undefined
          : { bytes, etag, totalBytes };
      throw brokenOff();
    }
    left = undefined;
    if (totalBytes !== undefined && totalBytes !== bytes.length) throw brokenOff();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const verification = verifyResult(arrived(jobSpecId, download, stream, bytes, sha256), doubts);
    const file = `memory:${jobSpecId}`;
    results.set(file, bytes);
    return { file, bytes: bytes.length, sha256, ...verification };
  };
  return async (input, options) => {
    const watchdog = watch(clock, options.signal);
    try {
      return await save(input, { ...options, signal: watchdog.signal });
    } finally {
      watchdog.stop();
    }
  };
}

export const openInMemory =
  ({ files }: Pick<Memory, 'files'>): OpenFile =>
  async ({ handle, name }) => ({
    ...multipartBody(name, files.get(handle) ?? new Uint8Array()),
    counted: 'nowhere',
    close: async () => undefined,
  });

/** The ports of a job over a client, without a disk. */
export function memoryPorts(client: GoalClient, clock: Clock, memory: Memory): JobPorts {
  const factsOf = (handle: string): FileFacts => ({
    handle,
    name: handle,
    bytes: memory.files.get(handle)?.byteLength ?? 0,
  });
  return {
    loadCatalog: client.loadCatalog,
    inspectFiles: async ({ handles }) => handles.map(factsOf),
    uploadFile: client.uploadFile,
    createJob: client.createJob,
    getJob: client.getJob,
    fillSlots: client.fillSlots,
    confirmJob: client.confirmJob,
    getStatus: client.getStatus,
    getDownload: client.getDownload,
    saveResult: saveInMemory(client, clock, memory),
    ...timePorts(clock),
  };
}
