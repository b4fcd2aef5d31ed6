import { crc32 } from 'node:zlib';
import type { ResultPart } from './result-content.js';

/** A file inside a ZIP: its bytes, or a reference to bytes elsewhere. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly crc32: number;
  readonly part: ResultPart;
}

const UTF8_NAMES = 0x0800;
/** DOS date of 1980-01-01: no clock is used, so that the same job yields the same bytes. */
const FIRST_DAY = 0x0021;

/** The fields that a local header and a central record share (APPNOTE 4.3.7, from "version needed" on). */
function sharedFields(entry: ZipEntry, nameBytes: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(UTF8_NAMES, 2);
  fields.writeUInt16LE(FIRST_DAY, 8);
  fields.writeUInt32LE(entry.crc32, 10);
  fields.writeUInt32LE(entry.size, 14);
  fields.writeUInt32LE(entry.size, 18);
  fields.writeUInt16LE(nameBytes, 22);
  return fields;
}

const localHeader = (entry: ZipEntry, name: Buffer): Buffer =>
  Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), sharedFields(entry, name.length), name]);

function centralRecord(entry: ZipEntry, name: Buffer, offset: number): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  const head = Buffer.from('PK\x01\x02\x14\x00', 'latin1');
  return Buffer.concat([head, sharedFields(entry, name.length), rest, name]);
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.write('PK\x05\x06', 'latin1');
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

/** A small file in memory. */
export function memoryEntry(name: string, bytes: Uint8Array): ZipEntry {
  return { name, size: bytes.byteLength, crc32: crc32(bytes), part: { kind: 'bytes', bytes } };
}

/**
 * Lays out a ZIP (method "stored") without reading its files: length and all offsets are known before the first byte is sent, so
 * a `Range` can seek instead of reading from the start, and virtual-time tests get it synchronously. That is why no ZIP library
 * is used here. Limited to 4 GiB and 65,535 files; the caller ensures that.
 */
export function layOutZip(entries: readonly ZipEntry[]): ResultPart[] {
  const parts: ResultPart[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'utf8');
    const header = localHeader(entry, name);
    parts.push({ kind: 'bytes', bytes: header }, entry.part);
    central.push(centralRecord(entry, name, offset));
    offset += header.length + entry.size;
  }
  const directory = Buffer.concat(central);
  const end = endRecord(entries.length, directory.length, offset);
  return [...parts, { kind: 'bytes', bytes: Buffer.concat([directory, end]) }];
}
