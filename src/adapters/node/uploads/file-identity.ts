import type { BigIntStats } from 'node:fs';

/** Which file it is, and when it changed, according to its metadata. */
export interface FileIdentity {
  /** Equal for every path to the file; absent if the file system does not provide it. */
  readonly identity?: string;
  /** Epoch ms of the last change of its content; programs can set it to any time. */
  readonly modifiedAt: number;
  /** Epoch ms of the last change of content or metadata; programs cannot set it back. */
  readonly changedAt: number;
}

export const identityOf = ({ dev, ino, mtimeNs, ctimeNs }: BigIntStats): FileIdentity => ({
  ...(ino === 0n ? {} : { identity: `${dev}:${ino}` }),
  modifiedAt: Number(mtimeNs / 1_000_000n),
  changedAt: Number(ctimeNs / 1_000_000n),
});
