import type { Watchdog } from '../http/watchdog.js';
import type { ByteChunks } from './byte-chunks.js';

export interface StreamCheck {
  /** Bytes that must come, where the server said how many. */
  readonly expected: number | undefined;
  /** A break as the error that it is told as. */
  readonly lost: (error: unknown) => Error;
  /** More than was expected came: nothing of it is to be believed. */
  readonly tooLong: (expected: number) => Error;
}

const short = (got: number, expected: number): Error =>
  new Error(`it broke off after ${got} of ${expected} bytes`);

/** The chunks of a body, under a watchdog that runs only while the other side is awaited; a body that is too short rejects at its end, one that is too long before anything of what is too much. */
export async function* watchedChunks(
  source: ByteChunks,
  watchdog: Watchdog,
  check: StreamCheck,
): AsyncGenerator<Uint8Array> {
  let got = 0;
  let isWhole = false;
  try {
    watchdog.feed();
    for await (const chunk of source) {
      watchdog.pause();
      got += chunk.byteLength;
      if (check.expected !== undefined && got > check.expected) throw check.tooLong(check.expected);
      yield chunk;
      watchdog.feed();
    }
    // A source that was cancelled may end as if it were whole.
    if (watchdog.signal.aborted) throw watchdog.signal.reason;
    if (check.expected !== undefined && got !== check.expected) throw short(got, check.expected);
    isWhole = true;
  } catch (error) {
    throw check.lost(error);
  } finally {
    // A reader that left early leaves no connection behind.
    if (isWhole) watchdog.stop();
    else watchdog.abort();
  }
}

/** The beginning of a body as text. Never rejects: what came is better than nothing. */
export async function readWithin(source: ByteChunks, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of source) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= most) break;
    }
  } catch {
    return text;
  }
  return text.slice(0, most);
}
