/**
 * Does work for at most `ms`, and until `given` aborts. Both are kept here: where a connection is lost without a word, the
 * platform's `fetch` may forget a signal that only it refers to, and would then never settle.
 */
export async function withinTime<Value>(
  ms: number,
  work: (signal: AbortSignal) => Promise<Value>,
  given?: AbortSignal | null,
): Promise<Value> {
  given?.throwIfAborted();
  const ending = new AbortController();
  let onAbort = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    const end = (reason: unknown): void => {
      reject(reason);
      ending.abort(reason);
    };
    timer = setTimeout(() => end(new Error(`no answer within ${ms / 1_000} s`)), ms);
    onAbort = () => end(given?.reason);
  });
  // `AbortSignal.any` would leave something of each call at a signal that a host keeps for the life of its process.
  given?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(ending.signal), ended]);
  } finally {
    clearTimeout(timer);
    given?.removeEventListener('abort', onAbort);
  }
}
