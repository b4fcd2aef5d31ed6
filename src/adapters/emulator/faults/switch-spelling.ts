import { isFields } from '../model/read-body.js';

const switched = (name: string): string =>
  name.includes('_')
    ? name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Converts every field name to the other spelling, recursively; values stay unchanged, including those of slots. */
export function switchSpelling(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(switchSpelling);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      switched(name),
      name === 'value' || name === 'options' ? inner : switchSpelling(inner),
    ]),
  );
}
