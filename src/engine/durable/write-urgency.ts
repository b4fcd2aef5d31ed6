import type { JobContext } from '../../machines/job-context.js';
import { type Position, statePathOf } from '../interpreter/position.js';

/** How urgent a write is: soon, lazily, or none. */
export type WriteUrgency = 'soon' | 'lazy' | 'none';

/** Fields that every poll updates; resuming without them costs nothing. */
const VOLATILE: ReadonlySet<string> = new Set(['lastReadAt', 'staleReadings'] satisfies (keyof JobContext)[]);
/** Fields that are useful in a list of jobs; the server sends them again. */
const LAZY: ReadonlySet<string> = new Set([
  'statusWord',
  'progress',
  'currentStep',
] satisfies (keyof JobContext)[]);

const same = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) ||
  (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));

/** Compares two resting positions of a job. */
export function writeUrgency(before: Position, after: Position): WriteUrgency {
  const [from, to] = [statePathOf(before.value), statePathOf(after.value)];
  if (from.lifecycle !== to.lifecycle || from.step !== to.step) return 'soon';
  const known = new Map<string, unknown>(Object.entries(before.context));
  let urgency: WriteUrgency = 'none';
  for (const [key, value] of Object.entries(after.context)) {
    if (VOLATILE.has(key) || same(known.get(key), value)) continue;
    if (!LAZY.has(key)) return 'soon';
    urgency = 'lazy';
  }
  return urgency;
}
