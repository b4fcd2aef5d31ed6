/**
 * Makes methods of a class usable as plain functions (`useSyncExternalStore(job.subscribe, job.view)`) without a closure for each
 * of them in every object: it is created on first access and stays the same.
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
