/** The code of a Node error, such as `ENOENT`; empty if it has none. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';

export const isCode = (error: unknown, ...codes: readonly string[]): boolean => codes.includes(codeOf(error));
