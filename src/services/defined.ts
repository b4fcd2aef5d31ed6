/** The same with what may be undefined optional instead, as `exactOptionalPropertyTypes` wants it. */
export type Defined<Value> = {
  [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key];
} & { [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<Value[Key], undefined> };

/** The object without the fields that are undefined. (Machines import nothing that runs from here; all other rooms may.) */
export function defined<Value extends object>(value: Value): Defined<Value> {
  // Object.fromEntries forgets the keys' names: this is the boundary where they are given back.
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== undefined),
  ) as Defined<Value>;
}
