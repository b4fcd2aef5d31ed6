const report = (onFault: (error: unknown) => void, error: unknown): void => {
  try {
    onFault(error);
  } catch {
    // The host's logger itself failed: there is nowhere left to report it.
  }
};

/**
 * Calls a function of the host whose result is ignored. Errors and rejections go to `onFault`: the types allow an async function
 * where a void one is expected, and its unhandled rejection would end a Node process.
 */
export function guardedCall(call: () => unknown, onFault: (error: unknown) => void): void {
  try {
    const result = call();
    if (typeof result !== 'object' || result === null || !('then' in result)) return;
    Promise.resolve(result).catch((error: unknown) => report(onFault, error));
  } catch (error) {
    report(onFault, error);
  }
}
