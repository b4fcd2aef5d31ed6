import type { Clock } from '../../../engine/binding/clock.js';
import type { Reply } from '../../../machines/reply.js';
import type { StatusReading } from '../../../services/wire/wire-types.js';
import type { WaitingJob } from '../messages.js';

/** A reading that the job does not know yet. */
export interface ReadingUpdate {
  readonly jobId: string;
  readonly token: string;
  readonly wants: WaitingJob['wants'];
  readonly reply: Reply<void>;
  readonly ahead: Reply<StatusReading>;
}

/** Readings that arrive within this time are passed on together. */
const TOGETHER_MS = 15;

/** New readings, for one collector at a time. @param isOpen whether those that follow soon are waited for */
export function createUpdateQueue(clock: Clock, isOpen: () => boolean) {
  let updates: ReadingUpdate[] = [];
  let onUpdate: (() => void) | undefined;
  /** Ends the collect that waits, without updates: they are for the next one. */
  let release: (() => void) | undefined;
  return {
    add(one: ReadingUpdate): void {
      updates.push(one);
      onUpdate?.();
    },
    clear(): void {
      updates = [];
    },
    releaseCollector: (): void => release?.(),
    /** As if there were an update. */
    wakeCollector: (): void => onUpdate?.(),
    collect: (ms: number): Promise<readonly ReadingUpdate[]> =>
      new Promise((resolve) => {
        release?.();
        const end = (collected: readonly ReadingUpdate[]): void => {
          cancel();
          onUpdate = undefined;
          release = undefined;
          resolve(collected);
        };
        const hand = (): void => end(updates.splice(0));
        release = () => end([]);
        let cancel = clock.schedule(clock.now() + ms, hand);
        const soon = (): void => {
          onUpdate = undefined;
          cancel();
          cancel = clock.schedule(clock.now() + TOGETHER_MS, hand);
        };
        onUpdate = isOpen() ? soon : hand;
        if (updates.length > 0) soon();
      }),
  };
}
