/**
 * A random id. Node builds a UUID as a tree of some forty strings, which stay in memory as long as the id; split and join make it
 * one string.
 */
export const freshId = (): string => crypto.randomUUID().split('-').join('-');
