/** A random name. Node builds a UUID as a tree of some forty strings, kept as long as the name is; cut and joined it is one. */
export const freshId = (): string => crypto.randomUUID().split('-').join('-');
