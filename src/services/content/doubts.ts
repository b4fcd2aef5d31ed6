/** More jobs than one process has in doubt at once. */
const MOST = 1_000;

/** Remembers results in which only a name was doubted. */
export interface Doubts {
  /** Whether the same bytes came for this job the last time, too: then it is the name that is wrong. */
  isConfirmed(jobSpecId: string, sha256: string): boolean;
}

/** One process's memory; what is forgotten is asked for once more. */
export function createDoubts(): Doubts {
  const last = new Map<string, string>();
  return {
    isConfirmed(jobSpecId, sha256) {
      if (last.get(jobSpecId) === sha256) return last.delete(jobSpecId);
      last.delete(jobSpecId);
      last.set(jobSpecId, sha256);
      for (const oldest of last.keys()) {
        if (last.size <= MOST) break;
        last.delete(oldest);
      }
      return false;
    },
  };
}
