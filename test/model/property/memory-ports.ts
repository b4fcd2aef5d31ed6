import { createHash } from 'node:crypto';
import { multipartBody } from '../../../src/adapters/emulator/index.js';
import type { Clock } from '../../../src/adapters/in-process/clock.js';
import { timePorts } from '../../../src/adapters/in-process/time-ports.js';
import type { FileFacts, JobPorts } from '../../../src/machines/ports.js';
import { errorFromFailure } from '../../../src/services/errors/error-from-failure.js';
import type { GoalClient, ResultStream } from '../../../src/services/goal-client.js';
import type { OpenFile } from '../../../src/services/upload-body.js';

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

/** By the virtual clock, which the client's own watchdog does not know. */
async function readAll(
  stream: ResultStream,
  clock: Clock,
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  const cancel = clock.schedule(clock.now() + STALL_MS, () => stream.close());
  try {
    for await (const chunk of stream.chunks) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), isWhole: true };
  } catch {
    return { bytes: Buffer.concat(chunks), isWhole: false };
  } finally {
    cancel();
  }
}

function saveInMemory(client: GoalClient, clock: Clock, { results }: Memory): JobPorts['saveResult'] {
  let left: Part | undefined;
  return async ({ jobSpecId, download }, { signal }) => {
    const held = left;
    const range = held === undefined ? {} : { from: held.bytes.byteLength, ifRange: held.etag };
    const stream = await client.fetchResult({ url: download.url, ...range }, { signal });
    const before = held !== undefined && stream.part !== 'whole' ? held.bytes : Buffer.alloc(0);
    const { bytes: more, isWhole } = await readAll(stream, clock);
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
    const file = `memory:${jobSpecId}`;
    results.set(file, bytes);
    return { file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
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
