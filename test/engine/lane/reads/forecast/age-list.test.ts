import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Aged, AgeList } from '../../../../../src/engine/lane/reads/forecast/age-list.js';

interface Item extends Aged<Item> {
  readonly id: number;
}

const steps = fc.array(fc.record({ type: fc.constantFrom('add', 'remove'), at: fc.nat(9) }), {
  maxLength: 100,
});

it('has the item first that was added before all others, whatever is added again or removed', () => {
  fc.assert(
    fc.property(steps, (operations) => {
      const list = new AgeList<Item>();
      const items = Array.from(
        { length: 10 },
        (_, id): Item => ({ id, older: undefined, younger: undefined }),
      );
      const inside = new Set<Item>();
      for (const { type, at } of operations) {
        const item = items[at];
        if (item === undefined) continue;
        if (type === 'add') {
          list.add(item);
          inside.add(item);
        } else {
          list.remove(item);
          inside.delete(item);
        }
        expect(list.oldest()?.id).toBe([...inside][0]?.id);
      }
    }),
    { numRuns: 300 },
  );
});
