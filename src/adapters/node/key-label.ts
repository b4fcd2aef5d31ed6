import { createHash } from 'node:crypto';

/** Keeps the fingerprint from being that of anybody else's use of the same hash. */
const SALT = 'goal-lane/lane-record/1';

/** What stands for a key in the store: a salted fingerprint of key and base URL, never the key (law 5). */
export function keyLabel(apiKey: string, baseUrl: string): string {
  return createHash('sha256').update(`${SALT}\n${baseUrl}\n${apiKey}`).digest('hex').slice(0, 24);
}
