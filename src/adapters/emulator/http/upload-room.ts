/** Where uploads are stored, and how much of them. */
export interface UploadRoom {
  readonly directory: string;
  /** A larger file is counted and hashed, but not stored. */
  readonly keepUpToBytes: number;
  /** A larger file is refused. */
  readonly maxBytes: number;
  /** Remaining disk space for all files; beyond it they are only counted and hashed. */
  readonly left: { bytes: number };
}

/** A request exceeds its size limit. */
export class BodyTooLongError extends Error {
  override readonly name = 'BodyTooLongError' as const;
}
