import { isShownField } from './shown-fields.js';
import { REDACTED } from './spans.js';

interface HowToRedact {
  readonly shown: (text: string) => string;
  readonly kept: (text: string) => string;
}

/** Fields that contain values typed by a person or a host, under names of the workflow: they are sent unchanged later. */
const TYPED_VALUES = new Set(['slots', 'answers', 'values', 'value', 'ours', 'theirs', 'options']);

/** Deeper than any real value; also ends cycles. */
const DEEPEST = 24;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The message of an error is not enumerable. */
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

/** A value with every text in it redacted, including field names; the same object if nothing changes. */
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
  // Boundary: redaction keeps the shape of a value, so the type is asserted.
  return walk(value, false, 0) as Value;
}
