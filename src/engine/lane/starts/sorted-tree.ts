/**
 * A sorted set as plain JSON that is never changed in place: a change makes about log2(n) new nodes and shares all others with the tree
 * before, so that ten thousand changes of ten thousand items cost no more than sorting them. (A weight-balanced tree; Adams 1992.)
 */
export type SortedTree<Item> = TreeNode<Item> | null;

interface TreeNode<Item> {
  readonly item: Item;
  /** Of the items from here on down. */
  readonly size: number;
  readonly left: SortedTree<Item>;
  readonly right: SortedTree<Item>;
}

/** Negative where `a` stands before `b`, 0 where they are the same. A tree is always used with the same one. */
export type Compare<Item> = (a: Item, b: Item) => number;

/** A side may weigh so many times the other, and its inner half so many times its outer: the pair that Hirai and Yamamoto proved. */
const HEAVIEST = 3;
const INNER = 2;

export const sizeOf = (tree: SortedTree<unknown>): number => tree?.size ?? 0;

function nodeOf<Item>(left: SortedTree<Item>, item: Item, right: SortedTree<Item>): TreeNode<Item> {
  return { item, size: sizeOf(left) + sizeOf(right) + 1, left, right };
}

/** The same with its right side lifted. */
function liftRight<Item>(left: SortedTree<Item>, item: Item, right: TreeNode<Item>): TreeNode<Item> {
  const inner = right.left;
  if (inner === null || inner.size < INNER * sizeOf(right.right))
    return nodeOf(nodeOf(left, item, inner), right.item, right.right);
  return nodeOf(nodeOf(left, item, inner.left), inner.item, nodeOf(inner.right, right.item, right.right));
}

function liftLeft<Item>(left: TreeNode<Item>, item: Item, right: SortedTree<Item>): TreeNode<Item> {
  const inner = left.right;
  if (inner === null || inner.size < INNER * sizeOf(left.left))
    return nodeOf(left.left, left.item, nodeOf(inner, item, right));
  return nodeOf(nodeOf(left.left, left.item, inner.left), inner.item, nodeOf(inner.right, item, right));
}

/** A node of sides of which one was changed by one item. */
function balanced<Item>(left: SortedTree<Item>, item: Item, right: SortedTree<Item>): TreeNode<Item> {
  if (sizeOf(left) + sizeOf(right) > 1) {
    if (right !== null && right.size > HEAVIEST * sizeOf(left)) return liftRight(left, item, right);
    if (left !== null && left.size > HEAVIEST * sizeOf(right)) return liftLeft(left, item, right);
  }
  return nodeOf(left, item, right);
}

export function firstOf<Item>(tree: SortedTree<Item>): Item | undefined {
  let node = tree;
  while (node !== null && node.left !== null) node = node.left;
  return node?.item;
}

/** The item of the tree that stands where this one would. */
export function findIn<Item>(tree: SortedTree<Item>, item: Item, compare: Compare<Item>): Item | undefined {
  let node = tree;
  while (node !== null) {
    const side = compare(item, node.item);
    if (side === 0) return node.item;
    node = side < 0 ? node.left : node.right;
  }
  return undefined;
}

/** With the item; the very same tree where it holds it already. */
export function inserted<Item>(tree: SortedTree<Item>, item: Item, compare: Compare<Item>): SortedTree<Item> {
  if (tree === null) return nodeOf<Item>(null, item, null);
  const side = compare(item, tree.item);
  if (side === 0) return tree;
  if (side < 0) {
    const left = inserted(tree.left, item, compare);
    return left === tree.left ? tree : balanced(left, tree.item, tree.right);
  }
  const right = inserted(tree.right, item, compare);
  return right === tree.right ? tree : balanced(tree.left, tree.item, right);
}

/** Without the item; the very same tree where it does not hold it. */
export function removed<Item>(tree: SortedTree<Item>, item: Item, compare: Compare<Item>): SortedTree<Item> {
  if (tree === null) return null;
  const side = compare(item, tree.item);
  if (side < 0) {
    const left = removed(tree.left, item, compare);
    return left === tree.left ? tree : balanced(left, tree.item, tree.right);
  }
  if (side > 0) {
    const right = removed(tree.right, item, compare);
    return right === tree.right ? tree : balanced(tree.left, tree.item, right);
  }
  const next = firstOf(tree.right);
  if (next === undefined) return tree.left;
  return balanced(tree.left, next, removed(tree.right, next, compare));
}

/** How many items stand before the place of this one, which the tree need not hold. */
export function countBefore<Item>(tree: SortedTree<Item>, item: Item, compare: Compare<Item>): number {
  let count = 0;
  let node = tree;
  while (node !== null) {
    const isBefore = compare(node.item, item) < 0;
    if (isBefore) count += sizeOf(node.left) + 1;
    node = isBefore ? node.right : node.left;
  }
  return count;
}

/** All items in order. */
export function itemsOf<Item>(tree: SortedTree<Item>): Item[] {
  if (tree === null) return [];
  return [...itemsOf(tree.left), tree.item, ...itemsOf(tree.right)];
}
