import { ConsoleError } from './console-error.js';

/** A body that drips is slower than this, in bytes per second; a telephone line is faster. */
const SLOWEST = 1_024;

const tooSlow = (): ConsoleError =>
  new ConsoleError(408, 'silence', 'The data arrives too slowly, or not at all. Try again.');

/** The chunks of a body. Rejects with a ConsoleError if none arrives in time, or if they only drip: both hold a connection for ever. */
export async function* steadyParts(
  body: AsyncIterable<Uint8Array>,
  silenceMs: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const parts = body[Symbol.asyncIterator]();
  const wanted = (SLOWEST * silenceMs) / 1_000;
  let begunAt = performance.now();
  let bytes = 0;
  let isOver = false;
  try {
    for (let next = await nextPart(parts, silenceMs); !next.done; next = await nextPart(parts, silenceMs)) {
      bytes += next.value.byteLength;
      if (bytes >= wanted) {
        bytes = 0;
        begunAt = performance.now();
      } else if (performance.now() - begunAt > silenceMs) throw tooSlow();
      yield next.value;
    }
    isOver = true;
  } finally {
    // Not awaited: a body that hangs may never say that it is closed.
    if (!isOver) void parts.return?.().catch(() => undefined);
  }
}

async function nextPart(
  parts: AsyncIterator<Uint8Array>,
  silenceMs: number,
): Promise<IteratorResult<Uint8Array>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), silenceMs);
  });
  try {
    return await Promise.race([parts.next(), silence]);
  } finally {
    clearTimeout(timer);
  }
}
