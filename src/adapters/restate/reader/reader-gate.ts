/** The single reason for which waits end. */
export const left = new Error('the job is not read here any more');

/** Open while this process is the key's reader. */
export function createReaderGate() {
  let isOpen = false;
  let waiting: (() => void)[] = [];
  return {
    isOpen: () => isOpen,
    open(): void {
      isOpen = true;
      for (const go of waiting.splice(0)) go();
    },
    shut(): void {
      isOpen = false;
    },
    pass(signal: AbortSignal): Promise<void> {
      if (isOpen) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiting.push(resolve);
        signal.addEventListener('abort', () => reject(left), { once: true });
      });
    },
    forget(): void {
      waiting = [];
    },
  };
}

export type ReaderGate = ReturnType<typeof createReaderGate>;
