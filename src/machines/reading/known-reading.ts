import type { StatusReading } from '../../services/wire/wire-types.js';
import type { JobContext } from '../job-context.js';
import type { Reading } from './classify-reading.js';

/** What a job knows of its own status: a reading that says just this teaches it nothing. Plain JSON. */
export type KnownReading = Pick<
  StatusReading,
  'status' | 'statusWord' | 'progress' | 'currentStep' | 'itemVersion'
>;

/**
 * The reading that would change nothing for a job that is `status`. Undefined where every reading matters, for a
 * reading may also heal (a setback, a doubted version) or raise a doubt (one stale reading more).
 */
export function knownReading(
  context: JobContext,
  status: 'confirming' | 'executing',
): KnownReading | undefined {
  const { statusWord, progress, currentStep, itemVersion } = context;
  const isSettled =
    context.question === undefined &&
    context.staleReadings === 0 &&
    !context.versionDoubted &&
    context.setbacks.reading === undefined;
  if (!isSettled || statusWord === undefined) return undefined;
  return {
    status,
    statusWord,
    ...(progress === undefined ? {} : { progress }),
    ...(currentStep === undefined ? {} : { currentStep }),
    ...(itemVersion === undefined ? {} : { itemVersion }),
  };
}

/** Whether the machine would stay where it is and as it is, but for the time of its last read. */
export const isKnown = (known: KnownReading, reading: Reading): boolean =>
  reading.status === known.status &&
  reading.statusWord === known.statusWord &&
  reading.progress === known.progress &&
  reading.currentStep === known.currentStep &&
  (reading.itemVersion === undefined || reading.itemVersion === known.itemVersion) &&
  reading.checkpoint === undefined &&
  (reading.slots ?? []).length === 0;
