import type { HeaderMap } from '../rate-headers.js';

/** What the headers of a storage reply say of the bytes that follow. */
export interface PartDescription {
  readonly part: 'whole' | 'rest' | 'end';
  /** Bytes that follow. */
  readonly length: number | undefined;
  readonly totalBytes?: number;
  readonly etag?: string;
}

const CONTENT_RANGE = /^bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i;

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function lengthOf(headers: HeaderMap): number | undefined {
  // An encoded body that the transport decodes has another length than it says.
  const encoding = textOf(headers['content-encoding']);
  const text = textOf(headers['content-length']);
  return /^\d+$/.test(text) && (encoding === '' || encoding === 'identity') ? Number(text) : undefined;
}

/** A weak ETag says nothing about bytes. */
const strongEtag = (headers: HeaderMap): { etag?: string } => {
  const etag = textOf(headers.etag);
  return etag.startsWith('"') && etag.length > 2 ? { etag } : {};
};

const total = (text: string | undefined): { totalBytes?: number } =>
  text !== undefined && /^\d+$/.test(text) ? { totalBytes: Number(text) } : {};

function rest(headers: HeaderMap, from: number): PartDescription | undefined {
  const range = CONTENT_RANGE.exec(textOf(headers['content-range']).trim());
  if (range === null || range[1] === undefined || Number(range[1]) !== from) return undefined;
  const length = Number(range[2]) - from + 1;
  return { part: 'rest', length, ...total(range[3]), ...strongEtag(headers) };
}

/** Reads status, Content-Range, Content-Length and ETag; undefined where the reply is none that bytes can be taken from. */
export function describePart(status: number, headers: HeaderMap, from: number): PartDescription | undefined {
  if (status === 200) {
    const length = lengthOf(headers);
    return {
      part: 'whole',
      length,
      ...(length === undefined ? {} : { totalBytes: length }),
      ...strongEtag(headers),
    };
  }
  if (status === 206) return rest(headers, from);
  if (status === 416 && from > 0) {
    const range = CONTENT_RANGE.exec(textOf(headers['content-range']).trim());
    return { part: 'end', length: 0, ...total(range?.[3]) };
  }
  return undefined;
}
