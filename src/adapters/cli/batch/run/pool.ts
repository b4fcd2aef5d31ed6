/** Processes entries as they arrive, at most `limit` at once, which may change; starts none once `halted`. */
export async function runPool<Entry>(
  entries: AsyncIterable<Entry> | Iterable<Entry>,
  work: (entry: Entry) => Promise<void>,
  { limit, halted }: { readonly limit: () => number; readonly halted: AbortSignal },
): Promise<void> {
  const active = new Set<Promise<void>>();
  let fault: { readonly error: unknown } | undefined;
  let wake: () => void = () => undefined;
  const onHalt = (): void => wake();
  halted.addEventListener('abort', onHalt);
  const begin = (entry: Entry): void => {
    const task = work(entry)
      .catch((error: unknown) => {
        fault ??= { error };
      })
      .finally(() => {
        active.delete(task);
        wake();
      });
    active.add(task);
  };
  const isFull = (): boolean => active.size >= Math.max(1, limit()) && !halted.aborted && fault === undefined;
  const somethingEnds = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  try {
    for await (const entry of entries) {
      while (isFull()) await somethingEnds();
      if (halted.aborted || fault !== undefined) break;
      begin(entry);
    }
    await Promise.all(active);
  } finally {
    halted.removeEventListener('abort', onHalt);
  }
  if (fault !== undefined) throw fault.error;
}
