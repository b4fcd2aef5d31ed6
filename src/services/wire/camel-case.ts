/** Converts a name from snake_case or kebab-case to camelCase. */
export const camel = (key: string): string =>
  // The common case first: every status read passes through here, and most keys need no change.
  key.includes('_') || key.includes('-')
    ? key.replace(/[_-]+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase())
    : key;
