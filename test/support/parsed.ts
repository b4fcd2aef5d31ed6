import { type Reader, Unreadable } from '../../src/services/wire/readers.js';

/** What a reader of the wire reads. @throws if it cannot */
export function parsed<Value>(read: Reader<Value>, value: unknown): Value {
  const result = read(value);
  if (result instanceof Unreadable) throw new Error(`${result.path}: ${result.message}`);
  return result;
}
