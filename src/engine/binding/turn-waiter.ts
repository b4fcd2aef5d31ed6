import type { JobPorts, PortOptions } from '../../machines/ports.js';

/** Waits for the turns of one job, one after the other. */
export interface TurnWaiter {
  /** The status may be read. Never throws. */
  granted(): void;
  /** There is no turn, for this reason. Never throws. */
  refused(reason: unknown): void;
}

/** A kept asynchronous context. An `AsyncResource` of Node is one. */
export interface KeptContext {
  /** Calls the function in this context. */
  runInAsyncScope(call: (this: TurnWaiter) => void, self: TurnWaiter): void;
}

type PollTurn = JobPorts['pollTurn'];
type TurnInput = Parameters<PollTurn>[0];

/** How to wait in a port for turns without a promise for each. */
export interface TurnWaits {
  /** Calls the waiter once, in any asynchronous context. */
  readonly wait: (input: TurnInput, options: PortOptions, waiter: TurnWaiter) => void;
  /** Keeps the present asynchronous context, as a promise would: a host may recognise its request by it. */
  readonly keepContext: () => KeptContext;
}

const known = new WeakMap<PollTurn, TurnWaits>();

/**
 * States how else to wait in a port for turns. A promise with what waits for it is ten objects, young when they are made and old when
 * the turn comes: with ten thousand waiting jobs, copying them twice and reading them back from memory took a sixth of a poll.
 * Kept beside the function and not in the ports: a layer that replaces the function thereby replaces this, too.
 */
export function waitsBy(pollTurn: PollTurn, waits: TurnWaits): PollTurn {
  known.set(pollTurn, waits);
  return pollTurn;
}

/** Undefined if only the promise of the port can be waited for. */
export const waitsIn = (pollTurn: PollTurn): TurnWaits | undefined => known.get(pollTurn);

/** Changes the input of turns, however they are waited for. */
export function turnsFrom(
  inner: Pick<JobPorts, 'pollTurn'>,
  inputOf: (input: TurnInput, options: PortOptions) => TurnInput,
): PollTurn {
  const pollTurn: PollTurn = (input, options) => inner.pollTurn(inputOf(input, options), options);
  const waits = waitsIn(inner.pollTurn);
  if (waits === undefined) return pollTurn;
  return waitsBy(pollTurn, {
    ...waits,
    wait: (input, options, waiter) => waits.wait(inputOf(input, options), options, waiter),
  });
}
