import { codingsOf } from '../content/content-coding.js';
import { dispositionName } from '../content/result-name.js';
import { defined } from '../defined.js';
import type { HeaderMap } from '../limits/rate-headers.js';

/** What the headers of a storage reply say about its body. */
export interface PartDescription {
  readonly part: 'whole' | 'rest' | 'end';
  /** Length of the body as sent. */
  readonly length: number | undefined;
  readonly totalBytes?: number;
  readonly etag?: string;
  readonly isDelimited: boolean;
  /** In the order in which they were applied; empty if the bytes are not encoded. */
  readonly codings: readonly string[];
  readonly contentType?: string;
  readonly suggestedName?: string;
}

const CONTENT_RANGE = /^bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i;

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function lengthOf(headers: HeaderMap): number | undefined {
  const text = textOf(headers['content-length']);
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** A chunked body ends with a terminating chunk. A connection that merely closes proves nothing. */
const isChunked = (headers: HeaderMap): boolean =>
  /(?:^|,)\s*chunked\s*$/i.test(textOf(headers['transfer-encoding']));

/** A weak ETag does not identify bytes. */
const strongEtag = (headers: HeaderMap): { etag?: string } => {
  const etag = textOf(headers.etag);
  return etag.startsWith('"') && etag.length > 2 ? { etag } : {};
};

const total = (text: string | undefined): { totalBytes?: number } =>
  text !== undefined && /^\d+$/.test(text) ? { totalBytes: Number(text) } : {};

function typeOf(headers: HeaderMap): Pick<PartDescription, 'contentType' | 'suggestedName'> {
  const contentType = textOf(headers['content-type']).split(';')[0]?.trim().toLowerCase();
  const suggestedName = dispositionName(headers['content-disposition']);
  return {
    ...(contentType ? { contentType } : {}),
    ...defined({ suggestedName }),
  };
}

function whole(headers: HeaderMap): PartDescription {
  const codings = codingsOf(headers['content-encoding']);
  const length = lengthOf(headers);
  const isPlain = codings.length === 0;
  return {
    part: 'whole',
    length,
    codings,
    isDelimited: length !== undefined || isChunked(headers),
    // Length and ETag describe the encoded bytes, and a transfer cannot be resumed in the middle of an encoding.
    ...(isPlain && length !== undefined ? { totalBytes: length } : {}),
    ...(isPlain ? strongEtag(headers) : {}),
    ...typeOf(headers),
  };
}

function rest(headers: HeaderMap, from: number): PartDescription | undefined {
  const range = CONTENT_RANGE.exec(textOf(headers['content-range']).trim());
  // A range of encoded bytes does not fit the bytes we have and cannot be decoded alone.
  if (range === null || codingsOf(headers['content-encoding']).length > 0) return undefined;
  const [first, last] = [Number(range[1] ?? Number.NaN), Number(range[2])];
  const { totalBytes } = total(range[3]);
  const length = last - from + 1;
  const stated = lengthOf(headers);
  if (first !== from || last < first || last >= (totalBytes ?? Number.POSITIVE_INFINITY)) return undefined;
  if (stated !== undefined && stated !== length) return undefined;
  const isDelimited = totalBytes !== undefined;
  return {
    part: 'rest',
    length,
    codings: [],
    isDelimited,
    ...total(range[3]),
    ...strongEtag(headers),
    ...typeOf(headers),
  };
}

/** Reads status and headers. Undefined if no bytes can be taken from the reply. */
export function describePart(status: number, headers: HeaderMap, from: number): PartDescription | undefined {
  if (status === 200) return whole(headers);
  if (status === 206) return rest(headers, from);
  if (status === 416 && from > 0) {
    const range = CONTENT_RANGE.exec(textOf(headers['content-range']).trim());
    const stated = total(range?.[3]);
    const isDelimited = stated.totalBytes !== undefined;
    return { part: 'end', length: 0, codings: [], isDelimited, ...stated, ...strongEtag(headers) };
  }
  return undefined;
}
