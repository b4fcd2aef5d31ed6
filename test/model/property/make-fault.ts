import fc from 'fast-check';
import type { Fault, FaultKind } from '../../../src/adapters/emulator/index.js';

export const resetMs = fc.constantFrom(1, 900, 2_500, 30_000, 61_000, 3_600_000);
export const retryAfter = fc.record({
  form: fc.constantFrom('seconds' as const, 'date' as const),
  inMs: resetMs,
});
export const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

/** A record without the fields that are undefined: `exactOptionalPropertyTypes` distinguishes them. */
const present = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
export const makeFault = <Kind extends FaultKind>(
  kind: Kind,
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {},
) =>
  // The one place where a fault is put together from parts: the tables below name the fields of its kind.
  fc.record(fields).map((values) => ({ kind, ...present(values) }) as Fault);
