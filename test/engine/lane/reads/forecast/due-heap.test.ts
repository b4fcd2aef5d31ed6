import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDueHeap, type Due } from '../../../../../src/engine/lane/reads/forecast/due-heap.js';

const operations = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant('place' as const),
      item: fc.nat(30),
      due: fc.integer({ min: -50, max: 50 }),
    }),
    fc.record({ type: fc.constant('remove' as const), item: fc.nat(30) }),
    fc.record({ type: fc.constant('take' as const) }),
  ),
  { maxLength: 200 },
);

it('always has the least due first, whatever is added, moved or removed', () => {
  fc.assert(
    fc.property(operations, (steps) => {
      const heap = createDueHeap<Due & { readonly id: number }>();
      const items = Array.from({ length: 31 }, (_, id) => ({ id, due: 0, slot: -1 }));
      const inside = new Set<number>();
      for (const step of steps) {
        const item = step.type === 'take' ? heap.first() : items[step.item];
        if (item === undefined) continue;
        if (step.type === 'place') {
          item.due = step.due;
          heap.place(item);
          inside.add(item.id);
        } else {
          heap.remove(item);
          inside.delete(item.id);
        }
        const least = Math.min(...[...inside].map((id) => items[id]?.due ?? Number.NaN));
        expect(heap.size).toBe(inside.size);
        expect(heap.first()?.due ?? Number.POSITIVE_INFINITY).toBe(least);
      }
    }),
    { numRuns: 300 },
  );
});

it('yields many items in order, moved and removed ones included', () => {
  const dues = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 12, maxLength: 60 });
  fc.assert(
    fc.property(dues, (all) => {
      const heap = createDueHeap<Due>();
      const items = all.map((due) => ({ due, slot: -1 }));
      for (const item of items) heap.place(item);
      items.forEach((item, index) => {
        if (index % 3 === 1) heap.remove(item);
        if (index % 3 !== 2) return;
        item.due = 7 - item.due;
        heap.place(item);
      });
      const kept = items.filter((_, index) => index % 3 !== 1);
      const yielded: number[] = [];
      for (let item = heap.first(); item !== undefined; item = heap.first()) {
        yielded.push(item.due);
        heap.remove(item);
        expect(item.slot).toBe(-1);
      }
      expect(yielded).toEqual(kept.map(({ due }) => due).sort((a, b) => a - b));
    }),
    { numRuns: 200 },
  );
});
