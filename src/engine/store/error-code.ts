/** The code of an error of Node's, such as `ENOENT`; empty where it has none. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';

export const isCode = (error: unknown, ...codes: readonly string[]): boolean => codes.includes(codeOf(error));
