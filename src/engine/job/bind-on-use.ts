/**
 * Has methods of a class work when they are taken off their object (`useSyncExternalStore(job.subscribe, job.view)`), without a closure each
 * in every object from the start: one is made where it is first asked for, and is the same from then on.
 */
export function bindOnUse<Target extends object>(
  prototype: Target,
  names: readonly (keyof Target & string)[],
): void {
  for (const name of names) {
    const method: unknown = prototype[name];
    if (typeof method !== 'function') continue;
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: object): unknown {
        const bound: unknown = method.bind(this);
        Object.defineProperty(this, name, { value: bound, configurable: true, writable: true });
        return bound;
      },
    });
  }
}
