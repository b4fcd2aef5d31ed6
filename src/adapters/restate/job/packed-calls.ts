import type { OpenCall } from '../../../engine/interpreter/interpreted-job.js';
import { invocationsAt, type Position } from '../../../engine/interpreter/position.js';

/** The stored form of the open calls. */
export interface PackedCalls {
  /** Tokens by actor, of calls that the chart makes at the stored position: it gives the rest. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Any other call, by its id. */
  readonly children: Readonly<Record<string, Omit<OpenCall, 'id'>>>;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

export function packedCalls(position: Position, open: readonly OpenCall[]): PackedCalls {
  const tokens: Record<string, string> = {};
  const children: Record<string, Omit<OpenCall, 'id'>> = {};
  const made = invocationsAt(position);
  for (const { id, ...call } of open) {
    const [given, ...others] = made.filter(({ src }) => src === call.src);
    const isGiven = others.length === 0 && given?.id === id && isSame(given.input, call.input);
    if (isGiven) tokens[call.src] = call.token;
    else children[id] = call;
  }
  return { tokens, children };
}

/**
 * The calls of these tokens.
 * @param position where the job was stored; undefined if this chart does not have the state: then no call is one of the chart's
 */
export function callsOf(
  tokens: Readonly<Record<string, string>>,
  position: Position | undefined,
): readonly OpenCall[] {
  const made = position === undefined ? [] : invocationsAt(position);
  return Object.entries(tokens).map(([src, token]) => {
    const { id, input } = made.find((one) => one.src === src) ?? { id: src, input: undefined };
    return { id, token, src, input };
  });
}
