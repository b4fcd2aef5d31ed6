import type { Watchdog } from '../http/watchdog.js';
import type { ByteChunks } from './byte-chunks.js';

export interface StreamCheck {
  /** Expected number of bytes, if the server announced it. */
  readonly expected: number | undefined;
  /** Converts an interruption to the error to report. */
  readonly lost: (error: unknown) => Error;
  /** More bytes than expected arrived: the whole body is invalid. */
  readonly tooLong: (expected: number) => Error;
}

const short = (got: number, expected: number): Error =>
  new Error(`it broke off after ${got} of ${expected} bytes`);

/**
 * The chunks of a body, under a watchdog that runs only while waiting for the other side. A body that is too short rejects at its
 * end; one that is too long rejects before any excess byte is yielded.
 */
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
    // A cancelled source may end as if it were complete.
    if (watchdog.signal.aborted) throw watchdog.signal.reason;
    if (check.expected !== undefined && got !== check.expected) throw short(got, check.expected);
    isWhole = true;
  } catch (error) {
    throw check.lost(error);
  } finally {
    // If the consumer stops early, close the connection.
    if (isWhole) watchdog.stop();
    else watchdog.abort();
  }
}

/** The beginning of a body as text. Never rejects: after an error it returns what arrived. */
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
