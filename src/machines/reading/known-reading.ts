import type { StatusReading } from '../../services/wire/wire-types.js';
import type { JobContext } from '../job-context.js';
import type { Reading } from './classify-reading.js';

/** What a job knows of its own status. A reading equal to this changes nothing. Plain JSON. */
export type KnownReading = Pick<
  StatusReading,
  'status' | 'statusWord' | 'progress' | 'currentStep' | 'itemVersion'
>;

/**
 * The reading that would change nothing for a job in state `status`. Undefined if every reading matters, because it may also
 * clear a setback or a doubted version, or add a stale reading.
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

/** Whether the reading would change nothing but the time of the last read. */
export const isKnown = (known: KnownReading, reading: Reading): boolean =>
  reading.status === known.status &&
  reading.statusWord === known.statusWord &&
  reading.progress === known.progress &&
  reading.currentStep === known.currentStep &&
  (reading.itemVersion === undefined || reading.itemVersion === known.itemVersion) &&
  reading.checkpoint === undefined &&
  (reading.slots ?? []).length === 0;
