/** More jobs than one process has in doubt at once. */
const MOST = 1_000;

/** Remembers results that only did not match their name. */
export interface Doubts {
  /** Whether the last download of this job had the same bytes: then the name is wrong, not the content. */
  isConfirmed(jobSpecId: string, sha256: string): boolean;
}

/** Memory of one process; a forgotten result is downloaded once more. */
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
