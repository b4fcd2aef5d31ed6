import type { Snapshot } from 'xstate';
import { boundTimes, shiftTimes } from '../../machines/context-times.js';
import { withCurrentNames, withoutIdleDeadline } from '../../machines/current-names.js';
import type { JobContext } from '../../machines/job-context.js';
import { NEVER } from '../../machines/ports.js';
import { type Clock, wallOffsetOf } from '../binding/clock.js';

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The time of a persisted wait, moved and bounded like the context that it came from. */
function movedInput(input: unknown, before: JobContext, after: JobContext): unknown {
  if (!isPlain(input) || typeof input.at !== 'number' || input.at >= NEVER) return input;
  if (input.at === before.input.deadlineAt) return { ...input, at: after.input.deadlineAt };
  return input.at === before.waitUntil ? { ...input, at: after.waitUntil } : input;
}

function movedChild(child: unknown, before: JobContext, after: JobContext): unknown {
  if (!isPlain(child) || !isPlain(child.snapshot)) return child;
  const input = movedInput(child.snapshot.input, before, after);
  return { ...child, snapshot: { ...child.snapshot, input } };
}

/**
 * Converts a snapshot that a host persisted, in another process or before the wall clock was set, to the times of this clock. No
 * wait in it is longer than its cause justifies.
 */
export function restoredSnapshot(given: Snapshot<unknown>, clock: Clock): Snapshot<unknown> {
  const snapshot = Object.assign({}, given, withoutIdleDeadline(withCurrentNames(given)));
  const context: unknown = Reflect.get(snapshot, 'context');
  if (!isPlain(context) || !isPlain(context.setbacks)) return snapshot;
  // Boundary: the persisted snapshot of a machine contains a context of the machine.
  const before = context as unknown as JobContext;
  const now = clock.now();
  const after = boundTimes(shiftTimes(before, -wallOffsetOf(clock)), now);
  const children: unknown = Reflect.get(snapshot, 'children');
  const moved = isPlain(children)
    ? Object.fromEntries(
        Object.entries(children).map(([id, child]) => [id, movedChild(child, before, after)]),
      )
    : children;
  return Object.assign({}, snapshot, { context: after, children: moved });
}
