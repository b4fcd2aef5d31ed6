import { hasId, type IdSet, withId } from './id-set.js';
import { byCall, type DeskState } from './place-desk.js';
import { itemsOf, treeOf } from './sorted-tree.js';

type ItemOf<Tree> = NonNullable<Tree> extends { readonly item: infer Item } ? Item : never;

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
  readonly queue: readonly ItemOf<DeskState['queue']>[];
  readonly creates: readonly ItemOf<DeskState['creates']>[];
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
    queue: itemsOf(queue),
    creates: itemsOf(creates),
    gate,
    arrivals,
  };
}

export function deskFrom(kept: KeptDesk): DeskState {
  const { capacity, onServer, elsewhere, onTheirWay, sending, queue, creates, gate, arrivals } = kept;
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
