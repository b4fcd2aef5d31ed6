/**
 * The engine's SDK needs `Promise.withResolvers`, which Node has since 22. A separate module, because it must run before the SDK
 * is loaded.
 */
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
