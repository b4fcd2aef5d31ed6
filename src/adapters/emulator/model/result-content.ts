/** A section of a result. */
export type ResultPart =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'disk'; readonly path: string; readonly size: number }
  | { readonly kind: 'random'; readonly size: number };

/** The content behind a pre-signed URL, as a plan: nothing is read before it is sent. */
export interface ResultContent {
  readonly parts: readonly ResultPart[];
  readonly totalBytes: number;
  /** With its quotes. */
  readonly etag: string;
  readonly contentType: string;
}

export const sizeOf = (part: ResultPart): number =>
  part.kind === 'bytes' ? part.bytes.byteLength : part.size;

/** A range of a section. */
export interface PartSlice {
  readonly part: ResultPart;
  /** Relative to the section. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** The ranges for the bytes from `start` to `end` (exclusive). */
export function slicesOf(content: ResultContent, start: number, end: number): PartSlice[] {
  const slices: PartSlice[] = [];
  let offset = 0;
  for (const part of content.parts) {
    const size = sizeOf(part);
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, size);
    if (from < to) slices.push({ part, start: from, end: to });
    offset += size;
  }
  return slices;
}
