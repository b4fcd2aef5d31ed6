/** Where uploads are kept, and how much of them. */
export interface UploadRoom {
  readonly directory: string;
  /** A file with more bytes than this is counted and hashed, but not kept. */
  readonly keepUpToBytes: number;
  /** A file with more bytes than this is refused. */
  readonly maxBytes: number;
  /** Bytes on disk that all files together may still take; beyond it they are counted and hashed only. */
  readonly left: { bytes: number };
}

/** A request has more bytes than it may have. */
export class BodyTooLongError extends Error {
  override readonly name = 'BodyTooLongError' as const;
}
