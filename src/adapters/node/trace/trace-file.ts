import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { OnExchange, TraceSettings } from '../../../services/http/exchange.js';
import { refuseInput } from '../../../services/refuse-input.js';
import { harEntry } from './har-entry.js';
import { repairTrace } from './repair-trace.js';
import { inWriteTurn } from './write-turn.js';

/** A trace that grows with each exchange. */
export interface TraceFile {
  /** Pass it to a client as `onExchange`. */
  readonly onExchange: OnExchange;
  close(): void;
}

/** The end of the file. Each entry overwrites it and writes it again, so that the file is valid after every write. */
const END = '\n]}}\n';

const BEGINNING = '{"log":{"version":"1.2","creator":{"name":"goal-lane"';

const headOf = (version: string): string => `${BEGINNING},"version":${JSON.stringify(version)}},"entries":[`;

const HEAD = /^\{"log":\{"version":"1\.2","creator":\{"name":"goal-lane","version":"[^"\n]*"\},"entries":\[/;

const refuse = (path: string, why: string): never =>
  refuseInput(
    [`the trace ${path} ${why}`],
    'Name a file that does not exist yet, or a trace of goal-lane to append to.',
  );

const textAt = (file: number, at: number, length: number): string => {
  const bytes = Buffer.alloc(length);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, at));
};

function open(path: string): number {
  try {
    // Never through a link, and only to a regular file that is a trace.
    const how =
      constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    return openSync(path, how, 0o600);
  } catch (error) {
    return refuse(path, `cannot be written (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** Initialises a new file as a trace. @throws InvalidInputError if it already is something else */
function prepare(file: number, path: string, head: string): void {
  const { size } = fstatSync(file);
  if (size === 0) {
    writeSync(file, head + END, 0);
    return;
  }
  // Only a complete head may be mended: a file of something else is never changed.
  if (!HEAD.test(textAt(file, 0, 200))) refuse(path, 'is not a trace of goal-lane');
  if (textAt(file, size - END.length, END.length) !== END) repairTrace(file, END);
}

/** A write may be partial where the disk is full. @throws the system's error; then nothing was added */
function writeWhole(file: number, text: string, at: number): void {
  const bytes = Buffer.from(text);
  try {
    for (let done = 0; done < bytes.length; )
      done += writeSync(file, bytes, done, bytes.length - done, at + done);
  } catch (error) {
    // The end was there before, so there is room for it.
    writeSync(file, END, at);
    ftruncateSync(file, at + END.length);
    throw error;
  }
}

/** Reads the size each time, because another process may append to the same trace. */
function append(file: number, entry: string): void {
  // The other process may have been killed during its write.
  if (textAt(file, fstatSync(file).size - END.length, END.length) !== END) repairTrace(file, END);
  const at = fstatSync(file).size - END.length;
  const isFirst = textAt(file, at - 1, 1) === '[';
  writeWhole(file, `${isFirst ? '' : ','}\n${entry}${END}`, at);
}

/**
 * Writes every exchange to a file as HAR 1.2, which the developer tools of browsers can open. The file is valid after each write,
 * even if the process is killed. If it is killed in the microseconds of a write, the last entry may be cut; opening the trace again
 * removes that entry. Only its owner can read it; it contains no secrets, and slot values only with `values`. An
 * existing trace is appended to.
 * @throws InvalidInputError if the path refers to anything else, or cannot be written
 */
export function openTrace(settings: TraceSettings): TraceFile {
  const options = typeof settings === 'string' ? { file: settings } : settings;
  const { file: path, version = 'unknown' } = options;
  const file = open(path);
  try {
    if (!fstatSync(file).isFile()) refuse(path, 'is not a file');
    inWriteTurn(path, () => prepare(file, path, headOf(version)));
  } catch (error) {
    closeSync(file);
    throw error;
  }
  let isOpen = true;
  return {
    onExchange(exchange) {
      if (!isOpen) return;
      const entry = JSON.stringify(harEntry(exchange, options));
      inWriteTurn(path, () => append(file, entry));
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}
