/** Turns fields that may be undefined into optional ones, as `exactOptionalPropertyTypes` requires. */
export type Defined<Value> = {
  [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key];
} & { [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<Value[Key], undefined> };

const AS_OTHERS = { enumerable: true, configurable: true, writable: true } as const;

/** The object without its undefined fields. (Machines import no runtime code from here; all other rooms may.) */
export function defined<Value extends object>(value: Value): Defined<Value> {
  // A loop, because every reply of the server passes through here several times.
  const own: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    if (key === '__proto__') Object.defineProperty(own, key, { ...AS_OTHERS, value: entry });
    else own[key] = entry;
  }
  // Boundary: a record does not keep the key names, so the type is asserted.
  return own as Defined<Value>;
}
