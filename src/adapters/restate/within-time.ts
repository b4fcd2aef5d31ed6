/**
 * Does work for at most `ms`. The time is kept here: where a connection is lost without a word, the platform's `fetch` may forget a
 * signal that only it refers to, and would then never settle.
 */
export async function withinTime<Value>(
  ms: number,
  work: (signal: AbortSignal) => Promise<Value>,
  given?: AbortSignal | null,
): Promise<Value> {
  const ending = new AbortController();
  const { signal } = ending;
  // `AbortSignal.any` would leave something of each call at a signal that a host keeps for the life of its process.
  const onAbort = (): void => ending.abort(given?.reason);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${ms / 1_000} s`);
      reject(error);
      ending.abort(error);
    }, ms);
  });
  try {
    if (given?.aborted) onAbort();
    else given?.addEventListener('abort', onAbort, { once: true });
    return await Promise.race([work(signal), late]);
  } finally {
    clearTimeout(timer);
    given?.removeEventListener('abort', onAbort);
  }
}
