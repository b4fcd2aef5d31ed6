import type { JobPorts, SaveOptions } from '../../machines/ports.js';
import { errorFromFailure } from '../../services/errors/error-from-failure.js';
import type { BrowserPorts } from '../browser/index.js';
import type { VirtualClock } from './virtual-clock.js';

/** A result that was saved in memory. */
export interface MemoryResult {
  /** The server's file name, reduced to a safe base name. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const STALL_MS = 30_000;

const stalled = (): Error =>
  errorFromFailure({
    kind: 'network',
    message: `no byte of the result has come for ${STALL_MS} ms`,
    advice: 'Try again.',
    delivery: 'unknown',
    method: 'GET',
  });

/** The client's own stall timeout uses real time; this one uses the time of the test. */
async function unlessStalled<Value>(
  { work, now }: VirtualClock,
  options: SaveOptions,
  save: (options: SaveOptions) => Promise<Value>,
): Promise<Value> {
  const watch = new AbortController();
  const wait = () => work.limit(now() + STALL_MS, () => watch.abort(stalled()));
  let cancel = wait();
  try {
    return await save({
      ...options,
      signal: AbortSignal.any([options.signal, watch.signal]),
      onProgress(progress) {
        cancel();
        cancel = wait();
        options.onProgress?.(progress);
      },
    });
  } finally {
    cancel();
  }
}

/** Saves results into a map, by the `file` of the saved result. */
export function saveInMemory(
  clock: VirtualClock,
  { saveResult, takeResult }: BrowserPorts,
  results: Map<string, MemoryResult>,
): JobPorts['saveResult'] {
  return (input, given) =>
    unlessStalled(clock, given, async (options) => {
      const saved = await saveResult(input, options);
      const taken = takeResult(saved.file);
      if (taken !== undefined) {
        const bytes = new Uint8Array(await taken.blob.arrayBuffer());
        results.set(saved.file, { name: taken.name, bytes });
      }
      return saved;
    });
}
