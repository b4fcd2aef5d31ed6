import type { NumberedEvent, NumberedMove } from '../messages.js';
import type { EventLog } from './event-log.js';
import { STATE_NAMES } from './state-names.js';

/**
 * The stored form of the moves: of each one its number and its time (ms) as differences from those of the move before, and the
 * number of its state's name; a state that has none is stored by its name.
 */
export type PackedMoves = readonly (number | string)[];

export interface PackedLog {
  readonly last: number;
  readonly events: readonly NumberedEvent[];
  readonly moves: PackedMoves;
}

const FIELDS = 3;

function packedMoves(moves: readonly NumberedMove[]): PackedMoves {
  let [seqBefore, before] = [0, 0];
  return moves.flatMap(([seq, exact, path]) => {
    const at = Math.round(exact);
    const name = STATE_NAMES.indexOf(path);
    const packed = [seq - seqBefore, at - before, name < 0 ? path : name];
    [seqBefore, before] = [seq, at];
    return packed;
  });
}

/** A number that this release does not know is a state of a later one. */
const pathOf = (name: number | string | undefined): string =>
  typeof name === 'number' ? (STATE_NAMES[name] ?? `state ${name}`) : (name ?? '');

function unpackedMoves(packed: PackedMoves): readonly NumberedMove[] {
  const moves: NumberedMove[] = [];
  let [seq, at] = [0, 0];
  for (let index = 0; index < packed.length; index += FIELDS) {
    const [seqSince, since, name] = packed.slice(index, index + FIELDS);
    seq += Number(seqSince);
    at += Number(since);
    moves.push([seq, at, pathOf(name)]);
  }
  return moves;
}

/** The times of a log are for people, so whole milliseconds suffice. */
export const packedLog = ({ last, events, moves = [] }: EventLog): PackedLog => ({
  last,
  events: events.map((event) => ({ ...event, at: Math.round(event.at) })),
  moves: packedMoves(moves),
});

export const unpackedLog = ({ last, events, moves }: PackedLog): EventLog => ({
  last,
  events,
  moves: unpackedMoves(moves),
});
