import { createHash } from 'node:crypto';

/** Makes the fingerprint differ from other uses of the same hash. */
const SALT = 'goal-lane/lane-record/1';

/** Identifies a key in the store: a salted fingerprint of key and base URL, never the key (law 5, never leaked). */
export function keyLabel(apiKey: string, baseUrl: string): string {
  const hash = createHash('sha256').update(`${SALT}\n${baseUrl}\n${apiKey}`).digest();
  // Not cut from the longer text, which would stay in memory with it.
  return hash.subarray(0, 12).toString('hex');
}
