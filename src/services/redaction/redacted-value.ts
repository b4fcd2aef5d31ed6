import { isShownField } from './shown-fields.js';
import { REDACTED } from './spans.js';

interface HowToRedact {
  readonly shown: (text: string) => string;
  readonly kept: (text: string) => string;
}

/** Under these stands what a person or a host typed, by names of the workflow's own: it is sent as it is later. */
const TYPED_VALUES = new Set(['slots', 'answers', 'values', 'value', 'ours', 'theirs', 'options']);

/** Deeper than anything that is meant; a circle ends here, too. */
const DEEPEST = 24;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** An error's own words are not among its enumerable fields. */
const ofError = (error: Error): object => ({
  ...error,
  name: error.name,
  message: error.message,
  stack: error.stack,
  ...(error.cause === undefined ? {} : { cause: error.cause }),
});

function fieldsOf(value: object): object | undefined {
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const plain: unknown = value.toJSON();
    return isObject(plain) ? plain : undefined;
  }
  return value instanceof Error ? ofError(value) : value;
}

/** A value with every text in it redacted, names of fields too; the value itself where that changes nothing. */
export function redactedValue<Value>(value: Value, how: HowToRedact): Value {
  const walk = (item: unknown, isShown: boolean | undefined, depth: number): unknown => {
    if (typeof item === 'string') return (isShown ? how.shown : how.kept)(item);
    if (typeof item === 'number') return how.kept(String(item)) === String(item) ? item : REDACTED;
    if (!isObject(item) || ArrayBuffer.isView(item)) return item;
    if (depth >= DEEPEST) return REDACTED;
    if (Array.isArray(item)) {
      const items = item.map((entry: unknown) => walk(entry, isShown, depth + 1));
      return items.some((entry, at) => entry !== item[at]) ? items : item;
    }
    const fields = fieldsOf(item);
    if (fields === undefined) return item;
    const own = Object.entries(fields);
    const isTyped = isShown === undefined;
    const clean = own.map(([name, entry]) => {
      const isBelow = isTyped || TYPED_VALUES.has(name) ? undefined : isShownField(name);
      return [how.kept(name), walk(entry, isBelow, depth + 1)] as const;
    });
    const isSame = own.every(([name, entry], at) => clean[at]?.[0] === name && clean[at]?.[1] === entry);
    return isSame ? item : Object.fromEntries(clean);
  };
  // Redaction leaves the shape of a value, and texts texts: this is the boundary where the type is given back.
  return walk(value, false, 0) as Value;
}
