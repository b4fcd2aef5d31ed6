import type { WithContext } from '../branch-params.js';
import type { JobContext } from '../job-context.js';
import { classifyReading, type Reading, type ReadingOutcome } from '../reading/classify-reading.js';
import { trusting } from '../reading/context-patch.js';
import type { Reply } from '../reply.js';

/** A reply to a read of the job or of its status. */
export interface Read {
  readonly reply: Reply<Reading>;
  /** Our memory of what was answered is doubted: the reading is believed about the question that it shows. */
  readonly inDoubt: boolean;
}

/** The context against which a reading is held. */
export const memoryFor = (context: JobContext, reading: Reading, inDoubt: boolean): JobContext =>
  inDoubt ? trusting(context, reading) : context;

const says =
  (outcome: ReadingOutcome) =>
  ({ context }: WithContext, { reply, inDoubt }: Read): boolean =>
    reply.ok && classifyReading(memoryFor(context, reply.value, inDoubt), reply.value) === outcome;

/** Where a reading leads. */
export const readingGuards = {
  saysPending: says('pending'),
  saysConfirming: says('confirming'),
  saysExecuting: says('executing'),
  saysSlotNeeded: says('slot_needed'),
  saysCompleted: says('completed'),
  saysFailed: says('failed'),
  /** Older than what we hold. */
  isStale: says('stale'),
  /** Older than what we hold, and the last of so many that it is we who may be wrong. */
  isSuspect: says('suspect'),
};
