import type { Clock } from '../../binding/clock.js';
import type { Surroundings } from '../../job/view/job-watch.js';
import type { QueueRank } from '../../store/record/job-record.js';
import type { Admission } from './admission.js';

/** When a job starts, all positions change at once: changes are reported at most this often. */
const NOTIFY_EVERY_MS = 100;

export interface QueueWatch extends Pick<Required<Surroundings>, 'queuePlace' | 'onChange'> {
  /** The queue has changed. */
  changed(): void;
  stop(): void;
}

/** Reports their positions to queued jobs and their observers. */
export function createQueueWatch(
  clock: Clock,
  admission: () => Pick<Admission, 'placeInQueue'>,
  orderOf: (jobId: string) => QueueRank | undefined,
): QueueWatch {
  /** Made for the first listener. */
  let listeners: Set<() => void> | undefined;
  let cancel: (() => void) | undefined;
  const notify = (): void => {
    cancel = undefined;
    for (const listener of [...(listeners ?? [])]) listener();
  };
  return {
    queuePlace(jobId) {
      const order = orderOf(jobId);
      return order && admission().placeInQueue(order);
    },
    onChange(_, listener) {
      listeners ??= new Set();
      listeners.add(listener);
      return () => void listeners?.delete(listener);
    },
    changed() {
      if (listeners !== undefined && listeners.size > 0)
        cancel ??= clock.schedule(clock.now() + NOTIFY_EVERY_MS, notify);
    },
    stop() {
      cancel?.();
      listeners = undefined;
    },
  };
}
