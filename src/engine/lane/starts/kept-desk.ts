import { hasId, type IdSet, withId } from './id-set.js';
import { byCall, type DeskState } from './place-desk.js';
import { itemsOf, treeOf } from './sorted-tree.js';

type ItemOf<Tree> = NonNullable<Tree> extends { readonly item: infer Item } ? Item : never;
type Turn = ItemOf<DeskState['queue']>;

/** A turn without the names of its fields: in a burst of starts, turns are most of what is stored. */
type KeptTurn = readonly [
  call: string,
  jobId: string,
  priority: number,
  order: number,
  arrival: number,
  withCreate?: 1,
];

/**
 * The stored form of a desk: lists, and each name once. A tenth of the state's size, and quickly converted to trees again. Plain
 * JSON.
 */
export interface KeptDesk extends Pick<DeskState, 'gate' | 'arrivals'> {
  readonly capacity: Omit<DeskState['capacity'], 'holders' | 'onServer'>;
  readonly onServer: readonly string[];
  /** Jobs that have a place and are not known to be on the server. */
  readonly elsewhere: readonly string[];
  readonly onTheirWay: readonly string[];
  readonly sending: readonly string[];
  readonly turns?: readonly KeptTurn[];
  /** As older releases have stored the turns. */
  readonly queue?: readonly Turn[];
  readonly creates: readonly ItemOf<DeskState['creates']>[];
}

const keptTurn = ({ call, jobId, priority, order, arrival, withCreate }: Turn): KeptTurn =>
  withCreate === true ? [call, jobId, priority, order, arrival, 1] : [call, jobId, priority, order, arrival];

function turnFrom([call, jobId, priority, order, arrival, withCreate]: KeptTurn): Turn {
  const turn = { call, jobId, priority, order, arrival };
  return withCreate === 1 ? { ...turn, withCreate: true } : turn;
}

export function keptDesk(state: DeskState): KeptDesk {
  const { capacity, queue, creates, onTheirWay, sending, gate, arrivals } = state;
  const { holders, onServer, ...numbers } = capacity;
  return {
    capacity: numbers,
    onServer: itemsOf(onServer),
    elsewhere: itemsOf(holders).filter((id) => !hasId(onServer, id)),
    onTheirWay: itemsOf(onTheirWay),
    sending: itemsOf(sending),
    turns: itemsOf(queue).map(keptTurn),
    creates: itemsOf(creates),
    gate,
    arrivals,
  };
}

export function deskFrom(kept: KeptDesk): DeskState {
  const { capacity, onServer, elsewhere, onTheirWay, sending, turns = [], creates, gate, arrivals } = kept;
  const queue = kept.queue ?? turns.map(turnFrom);
  const there = treeOf(onServer);
  return {
    capacity: {
      ...capacity,
      onServer: there,
      holders: elsewhere.reduce<IdSet>((holders, id) => withId(holders, id), there),
    },
    queue: treeOf(queue),
    turns: treeOf([...queue].sort(byCall)),
    onTheirWay: treeOf(onTheirWay),
    sending: treeOf(sending),
    creates: treeOf(creates),
    gate,
    arrivals,
  };
}
