/** The engine's SDK wants `Promise.withResolvers`, which Node has from 22 on. A module of its own: it must have run before the SDK is loaded. */
export function provideWithResolvers(): void {
  if (Reflect.has(Promise, 'withResolvers')) return;
  Reflect.set(Promise, 'withResolvers', <Value>() => {
    let resolve: (value: Value | PromiseLike<Value>) => void = () => undefined;
    let reject: (reason?: unknown) => void = () => undefined;
    const promise = new Promise<Value>((onResolve, onReject) => {
      resolve = onResolve;
      reject = onReject;
    });
    return { promise, resolve, reject };
  });
}
