/** A name in snake_case or kebab-case as the same name in camelCase. */
export const camel = (key: string): string =>
  // Every status read comes by here, and most keys have nothing to spell.
  key.includes('_') || key.includes('-')
    ? key.replace(/[_-]+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase())
    : key;
