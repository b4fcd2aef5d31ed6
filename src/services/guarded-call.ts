const tell = (onFault: (error: unknown) => void, error: unknown): void => {
  try {
    onFault(error);
  } catch {
    // It is the host's log that fails: there is nobody left to tell.
  }
};

/**
 * Calls a function of the host whose result nobody needs. What it throws goes to `onFault`, and so does what it rejects with: types let
 * an async function stand where one that returns nothing is asked for, and its rejection would end a Node process.
 */
export function guardedCall(call: () => unknown, onFault: (error: unknown) => void): void {
  try {
    const result = call();
    if (typeof result !== 'object' || result === null || !('then' in result)) return;
    Promise.resolve(result).catch((error: unknown) => tell(onFault, error));
  } catch (error) {
    tell(onFault, error);
  }
}
