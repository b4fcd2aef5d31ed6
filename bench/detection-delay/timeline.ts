import { createDueHeap, type Due } from '../../src/engine/lane/reads/forecast/due-heap.js';

/** Events in the order of their times; equal times in the order they were added. */
export interface Timeline<Event> {
  add(at: number, event: Event): void;
  next(): { readonly at: number; readonly event: Event } | undefined;
}

export function createTimeline<Event>(): Timeline<Event> {
  const heap = createDueHeap<Due & { readonly event: Event }>();
  return {
    add: (at, event) => heap.place({ due: at, slot: -1, event }),
    next() {
      const first = heap.first();
      if (first === undefined) return undefined;
      heap.remove(first);
      return { at: first.due, event: first.event };
    },
  };
}
