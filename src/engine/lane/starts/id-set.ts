import { findIn, inserted, removed, type SortedTree } from './sorted-tree.js';

/** A set of ids as plain JSON. */
export type IdSet = SortedTree<string>;

const byId = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export const hasId = (ids: IdSet, id: string): boolean => findIn(ids, id, byId) !== undefined;
export const withId = (ids: IdSet, id: string): IdSet => inserted(ids, id, byId);
export const withoutId = (ids: IdSet, id: string): IdSet => removed(ids, id, byId);
