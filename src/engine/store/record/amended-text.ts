import { hash } from 'node:crypto';
import type { RecordChanges } from '../job-store.js';

/** Where the text of a record goes on after the fields that may be amended, and where its last field begins, as the codec writes it. */
const REST = Buffer.from(',"input":');
const END = ',"updatedAt":';
const END_ONLY = /^,"updatedAt":[0-9.]+\}$/;
const BRACE = '}'.charCodeAt(0);

/** A stored text and its checksum (`checked-text.ts`), whatever they are. */
export interface StoredBytes {
  readonly body: unknown;
  readonly checksum: unknown;
}

/** An amended record, until the next one is. */
export interface AmendedText {
  readonly bytes: Uint8Array;
  readonly checksum: string;
  /** Of the text without times that carry no information. */
  readonly digest: string;
}

/**
 * Texts are put together here, as bytes: strings of a hundred thousand records, which are converted for each of three hashes, keep
 * the garbage collector busier than everything else.
 */
let room = Buffer.alloc(0);

function roomFor(bytes: number): Buffer {
  if (room.length < bytes) room = Buffer.alloc(2 * bytes);
  return room;
}

const digestOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'base64');

const isHead = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && 'state' in value && 'waitsFor' in value;

/** The first fields of a record, with these changes, without the brace at their end. */
function amendedHead(text: string, changes: Partial<RecordChanges>): string | undefined {
  try {
    const head: unknown = JSON.parse(`${text}}`);
    return isHead(head) ? JSON.stringify(Object.assign({}, head, changes)).slice(0, -1) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the bytes are the text that was stored under this name. */
function isWhole(name: string, body: Uint8Array, checksum: unknown): boolean {
  const into = roomFor(3 * name.length + 1 + body.length);
  const start = into.write(`${name}\0`);
  into.set(body, start);
  return digestOf(into.subarray(0, start + body.length)) === checksum;
}

/**
 * The text of a record with these changes, without parsing all of it: most of it is the snapshot. Within a text of JSON, each quote
 * has a backslash before it, so what is looked for is a field; an object that is cut off in the middle does not parse. Undefined for
 * a text that is damaged, or that this release has not written.
 */
export function amendedText(
  name: string,
  { body, checksum }: StoredBytes,
  { updatedAt, ...changes }: RecordChanges,
): AmendedText | undefined {
  if (!(body instanceof Uint8Array) || !isWhole(name, body, checksum)) return undefined;
  const before = Buffer.from(body.buffer, body.byteOffset, body.length);
  const rest = before.indexOf(REST);
  const end = before.lastIndexOf(END);
  if (rest < 0 || end < rest || !END_ONLY.test(before.toString('latin1', end))) return undefined;
  const head = amendedHead(before.toString('utf8', 0, rest), changes);
  if (head === undefined) return undefined;
  const last = `${END}${JSON.stringify(updatedAt)}}`;
  const into = roomFor(3 * (name.length + 1 + head.length + last.length) + end - rest);
  const start = into.write(`${name}\0`);
  let at = start + into.write(head, start);
  at += before.copy(into, at, rest, end);
  into[at] = BRACE;
  const digest = digestOf(into.subarray(start, at + 1));
  at += into.write(last, at);
  return { bytes: into.subarray(start, at), checksum: digestOf(into.subarray(0, at)), digest };
}
