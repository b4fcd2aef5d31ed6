import { systemClock, wallTimeOf } from '../../../engine/binding/clock.js';
import type { JobOptions } from '../../../machines/job-input.js';
import { defined } from '../../../services/defined.js';
import { type CliIo, canAsk } from '../cli-io.js';
import { readAnswers } from './answers-file.js';
import type { JobFlags } from './flags.js';
import { parseMaxWait } from './settings.js';
import { parseSlotFlags } from './slot-flags.js';

/** Whether this command may ask a person. */
export const isInteractive = (io: CliIo, flags: JobFlags): boolean => flags.input && canAsk(io);

/**
 * Converts the flags to options of a job, evaluated when it starts. If no person can be asked, the job ends instead of waiting for
 * an answer. `--max-wait` counts from here, even if the wall clock is set before the job starts.
 * @throws UsageError
 */
export async function readJobOptions(io: CliIo, flags: JobFlags): Promise<() => JobOptions> {
  const slots = parseSlotFlags(flags.slot);
  const maxWaitMs = flags.maxWait === undefined ? undefined : parseMaxWait(flags.maxWait);
  const endsAt = maxWaitMs === undefined ? undefined : systemClock.now() + maxWaitMs;
  const fromFile = flags.answers === undefined ? {} : await readAnswers(flags.answers);
  // Values on the command line are for this run: they take precedence over the file.
  const answers = Object.fromEntries(
    Object.entries(fromFile).filter(([slotId]) => !Object.hasOwn(slots, slotId)),
  );
  const asks = isInteractive(io, flags);
  return () => ({
    ...(flags.slot.length > 0 ? { slots } : {}),
    ...(flags.answers === undefined ? {} : { answers }),
    ...defined({ confirm: flags.confirm }),
    ...(flags.allowEmpty ? { emptyFiles: 'allow' as const } : {}),
    ...(flags.allowRepeated ? { repeatedFiles: 'allow' as const } : {}),
    ...(endsAt === undefined ? {} : { deadlineAt: wallTimeOf(systemClock, endsAt) }),
    missingSlots: asks ? 'ask' : 'fail',
    onUnknownOutcome: asks ? 'ask' : 'fail',
  });
}
