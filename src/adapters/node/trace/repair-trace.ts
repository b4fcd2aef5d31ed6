import { fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';

const BLOCK = 65_536;
const NEWLINE = 0x0a;

function bytesAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, at));
}

/** Where the last newline before `end` is; -1 if there is none. */
function newlineBefore(file: number, end: number): number {
  for (let from = end; from > 0; ) {
    const start = Math.max(0, from - BLOCK);
    const found = bytesAt(file, start, from - start).lastIndexOf(NEWLINE);
    if (found >= 0) return start + found;
    from = start;
  }
  return -1;
}

/** The bytes of the end that a shorter write left over: at most all but its first. */
const LEFT_OVER = /,?\]\}\}$/;

/** The length of the text up to a complete entry at its end, without what follows; undefined if there is none. */
function entryEnd(line: string): number | undefined {
  for (const text of [line.replace(/,$/, ''), line.replace(LEFT_OVER, '')]) {
    try {
      // A bracket of the entry and one of the end may be an empty object.
      if ('request' in JSON.parse(text)) return Buffer.byteLength(text);
    } catch {
      // Cut, or not an entry.
    }
  }
  return undefined;
}

/**
 * Removes an entry whose write was cut, because the process was killed in the microseconds of the write or the disk was full, and
 * ends the trace again. Every entry is a line.
 */
export function repairTrace(file: number, end: string): void {
  let lineEnd = fstatSync(file).size;
  for (;;) {
    const newline = newlineBefore(file, lineEnd);
    const start = newline + 1;
    const line = bytesAt(file, start, lineEnd - start).toString('utf8');
    // The head is the first line; it ends with the bracket of the entries.
    const kept = start === 0 ? line.lastIndexOf('[') + 1 : entryEnd(line);
    if (kept !== undefined) {
      ftruncateSync(file, start + kept);
      writeSync(file, end, start + kept);
      return;
    }
    lineEnd = newline;
  }
}
