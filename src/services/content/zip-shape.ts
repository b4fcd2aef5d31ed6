/** The parts of a file that are examined: its first and last bytes. */
export interface FileEnds {
  readonly bytes: number;
  readonly head: Uint8Array;
  /** Up to the last byte; may overlap the head. */
  readonly tail: Uint8Array;
}

/** The end record of a ZIP lies within this many bytes of its end: the record, its longest comment, and what ZIP64 puts before it. */
export const ZIP_TAIL_BYTES = 22 + 65_535 + 20 + 56;

const LOCAL_HEADER = 0x04034b50;
const END_RECORD = 0x06054b50;
const END_RECORD_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL_HEADER = 0x02014b50;
const SPLIT_MARKERS = [0x08074b50, 0x30304b50];

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const signatureAt = (view: DataView, at: number): number =>
  at >= 0 && at + 4 <= view.byteLength ? view.getUint32(at, true) : 0;

/** Whether it begins like a ZIP: with an entry, or, if empty, with the end record. */
export function beginsAsZip(head: Uint8Array): boolean {
  const view = viewOf(head);
  const first = signatureAt(view, 0);
  if (SPLIT_MARKERS.includes(first)) return signatureAt(view, 4) === LOCAL_HEADER;
  return first === LOCAL_HEADER || first === END_RECORD;
}

/** Compression methods in use. */
const METHODS = new Set([0, 1, 6, 8, 9, 10, 12, 14, 20, 93, 94, 95, 96, 97, 98, 99]);

/** Whether a plausible first entry is there; four matching bytes alone may be chance. */
export function hasFirstEntry(head: Uint8Array): boolean {
  const view = viewOf(head);
  if (signatureAt(view, 0) !== LOCAL_HEADER || view.byteLength < 30) return false;
  const [version, method, nameLength] = [4, 8, 26].map((at) => view.getUint16(at, true));
  return (version ?? 0) % 256 <= 63 && METHODS.has(method ?? -1) && (nameLength ?? 0) > 0;
}

/** Location of the central directory, and where it must end. */
interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly end: number;
}

function directory64(view: DataView, recordAt: number, start: number): Directory | undefined {
  const locator = recordAt - 20;
  if (signatureAt(view, locator) !== LOCATOR_64) return undefined;
  const end = Number(view.getBigUint64(locator + 8, true));
  const at = end - start;
  // A record that starts before our bytes has an extensible part; only its locator can be checked.
  if (at < 0) return { offset: 0, size: 0, end: 0 };
  if (signatureAt(view, at) !== END_RECORD_64 || at + 56 > locator) return undefined;
  const [size, offset] = [40, 48].map((field) => Number(view.getBigUint64(at + field, true)));
  return { offset: offset ?? 0, size: size ?? 0, end };
}

function isEndRecord(view: DataView, at: number, start: number, isEmpty: boolean): boolean {
  if (signatureAt(view, at) !== END_RECORD || at + 22 + view.getUint16(at + 20, true) !== view.byteLength)
    return false;
  const entries = view.getUint16(at + 10, true);
  if ((entries === 0) !== isEmpty) return false;
  const [size = 0, offset = 0] = [12, 16].map((field) => view.getUint32(at + field, true));
  const isLarge = entries === 0xffff || size === 0xffffffff || offset === 0xffffffff;
  const large = isLarge ? directory64(view, at, start) : undefined;
  // Exactly 65,535 entries need no ZIP64. A locator without its record means a truncated ZIP64.
  if (isLarge && large === undefined && signatureAt(view, at - 20) === LOCATOR_64) return false;
  const found = large ?? { offset, size, end: start + at };
  // If bytes are missing in the middle, the end record lies before the offset that it states.
  if (found.offset + found.size > found.end) return false;
  const first = found.offset - start;
  const isInSight = found.offset + found.size === found.end && first >= 0 && entries > 0;
  return !isInSight || signatureAt(view, first) === CENTRAL_HEADER;
}

/** Whether it ends like a ZIP: with an end record whose comment ends at the end of the file, and whose directory fits before it. */
export function endsAsZip({ head, tail, bytes }: FileEnds): boolean {
  const view = viewOf(tail);
  const isEmpty = signatureAt(viewOf(head), 0) === END_RECORD;
  const start = bytes - tail.byteLength;
  for (let at = tail.byteLength - 22; at >= 0 && at >= tail.byteLength - 22 - 65_535; at -= 1) {
    if (isEndRecord(view, at, start, isEmpty)) return true;
  }
  return false;
}
