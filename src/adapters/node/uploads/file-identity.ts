import type { BigIntStats } from 'node:fs';

/** What a look at a file tells of which file it is, and of when anything about it changed. */
export interface FileIdentity {
  /** The same for every path to it; absent where the disk does not say. */
  readonly identity?: string;
  /** Epoch ms of the last change of its bytes; a program can set it to any time. */
  readonly modifiedAt: number;
  /** Epoch ms of the last change of anything about it; no program can set it back. */
  readonly changedAt: number;
}

export const identityOf = ({ dev, ino, mtimeNs, ctimeNs }: BigIntStats): FileIdentity => ({
  ...(ino === 0n ? {} : { identity: `${dev}:${ino}` }),
  modifiedAt: Number(mtimeNs / 1_000_000n),
  changedAt: Number(ctimeNs / 1_000_000n),
});
