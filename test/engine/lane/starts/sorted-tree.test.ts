import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countBefore,
  findIn,
  firstOf,
  inserted,
  itemsOf,
  removed,
  type SortedTree,
  sizeOf,
  treeOf,
} from '../../../../src/engine/lane/starts/sorted-tree.js';

const byNumber = (a: number, b: number): number => a - b;
const COUNT = 10_000;

/** Nodes of `tree` that `before` does not have. */
function nodesAnew(tree: SortedTree<number>, before: SortedTree<number>): number {
  const known = new Set<SortedTree<number>>();
  const walk = (node: SortedTree<number>, visit: (node: SortedTree<number>) => boolean): void => {
    if (node === null || !visit(node)) return;
    walk(node.left, visit);
    walk(node.right, visit);
  };
  walk(before, (node) => Boolean(known.add(node)));
  let count = 0;
  walk(tree, (node) => {
    if (known.has(node)) return false;
    count += 1;
    return true;
  });
  return count;
}

const depthOf = (tree: SortedTree<number>): number =>
  tree === null ? 0 : 1 + Math.max(depthOf(tree.left), depthOf(tree.right));

/** No side has more than three times the items of the other, unless there is only one. */
function expectBalance(tree: SortedTree<number>): void {
  if (tree === null) return;
  const [less = 0, more = 0] = [sizeOf(tree.left), sizeOf(tree.right)].sort(byNumber);
  expect(less + more <= 1 || more <= 3 * less).toBe(true);
  expectBalance(tree.left);
  expectBalance(tree.right);
}

describe('a sorted tree', () => {
  it('holds what a sorted set holds', () => {
    const change = fc.tuple(fc.boolean(), fc.nat(40));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
        const set = new Set<number>();
        let tree: SortedTree<number> = null;
        for (const [isAdded, item] of changes) {
          if (isAdded) set.add(item);
          else set.delete(item);
          tree = isAdded ? inserted(tree, item, byNumber) : removed(tree, item, byNumber);
          const sorted = [...set].sort(byNumber);
          expect(itemsOf(tree)).toEqual(sorted);
          expect([sizeOf(tree), firstOf(tree)]).toEqual([sorted.length, sorted[0]]);
          expect(findIn(tree, item, byNumber)).toBe(isAdded ? item : undefined);
          for (const other of [item, item + 0.5])
            expect(countBefore(tree, other, byNumber)).toBe(sorted.filter((one) => one < other).length);
          expectBalance(tree);
        }
      }),
    );
  });

  it.each<[string, (at: number) => number]>([
    ['that come in order', (at) => at],
    ['that come from behind', (at) => COUNT - at],
    ['that come mixed', (at) => (at * 7_919) % COUNT],
  ])('copies few nodes for one change of ten thousand items %s', (_, itemAt) => {
    let tree: SortedTree<number> = null;
    for (let at = 0; at < COUNT; at += 1) tree = inserted(tree, itemAt(at), byNumber);
    // The depth that the balance allows is 2.41 log2(n); 14 levels hold ten thousand.
    expect(depthOf(tree)).toBeLessThan(33);
    const least = firstOf(tree) ?? 0;
    expect(nodesAnew(removed(tree, least, byNumber), tree)).toBeLessThan(40);
    expect(nodesAnew(inserted(tree, 0.5, byNumber), tree)).toBeLessThan(40);
    for (let at = 0; at < COUNT - 100; at += 1) tree = removed(tree, firstOf(tree) ?? 0, byNumber);
    expect([sizeOf(tree), depthOf(tree) < 17]).toEqual([100, true]);
  });

  it('is the very same where nothing changes', () => {
    const tree = treeOf([1, 2, 3]);
    for (const item of [1, 2, 3]) expect(inserted(tree, item, byNumber)).toBe(tree);
    for (const item of [0, 1.5, 2.5, 4]) expect(removed(tree, item, byNumber)).toBe(tree);
  });
});
