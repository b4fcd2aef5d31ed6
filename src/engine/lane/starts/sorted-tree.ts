/**
 * A sorted set as plain JSON that is never changed in place: a change creates about log2(n) new nodes and shares all others with
 * the previous tree, so ten thousand changes of ten thousand items cost no more than sorting them. (A weight-balanced tree; Adams
 * 1992.)
 */
export type SortedTree<Item> = TreeNode<Item> | null;

interface TreeNode<Item> {
  readonly item: Item;
  /** Number of items in this subtree. */
  readonly size: number;
  readonly left: SortedTree<Item>;
  readonly right: SortedTree<Item>;
}

/** Negative if `a` comes before `b`, 0 if they are the same. A tree is always used with the same comparison. */
export type Compare<Item> = (a: Item, b: Item) => number;

/**
 * One side may weigh this many times the other, and its inner half this many times its outer: parameters proved by Hirai and
 * Yamamoto.
 */
const HEAVIEST = 3;
const INNER = 2;

export const sizeOf = (tree: SortedTree<unknown>): number => tree?.size ?? 0;

function nodeOf<Item>(left: SortedTree<Item>, item: Item, right: SortedTree<Item>): TreeNode<Item> {
  return { item, size: sizeOf(left) + sizeOf(right) + 1, left, right };
}

/** A rotation that lifts the right side. */
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

/** Joins two sides, one of which was changed by one item, to a balanced node. */
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

/** The item of the tree that compares equal. */
export function findIn<Item>(tree: SortedTree<Item>, item: Item, compare: Compare<Item>): Item | undefined {
  let node = tree;
  while (node !== null) {
    const side = compare(item, node.item);
    if (side === 0) return node.item;
    node = side < 0 ? node.left : node.right;
  }
  return undefined;
}

/** Adds the item; returns the same tree if it contains it already. */
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

/** Removes the item; returns the same tree if it does not contain it. */
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

/** The number of items before this one, which need not be in the tree. */
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

/** The tree of sorted items without duplicates, for example from `itemsOf`. */
export function treeOf<Item>(items: readonly Item[]): SortedTree<Item> {
  const middle = items.length >> 1;
  const item = items[middle];
  if (item === undefined) return null;
  return nodeOf(treeOf(items.slice(0, middle)), item, treeOf(items.slice(middle + 1)));
}
