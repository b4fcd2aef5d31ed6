/** The same with what may be undefined optional instead, as `exactOptionalPropertyTypes` wants it. */
export type Defined<Value> = {
  [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key];
} & { [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<Value[Key], undefined> };

const AS_OTHERS = { enumerable: true, configurable: true, writable: true } as const;

/** The object without the fields that are undefined. (Machines import nothing that runs from here; all other rooms may.) */
export function defined<Value extends object>(value: Value): Defined<Value> {
  // A loop, because every reply of the server passes here several times.
  const own: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    if (key === '__proto__') Object.defineProperty(own, key, { ...AS_OTHERS, value: entry });
    else own[key] = entry;
  }
  // A record forgets the keys' names: this is the boundary where they are given back.
  return own as Defined<Value>;
}
