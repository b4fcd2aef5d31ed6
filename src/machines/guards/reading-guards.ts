import type { WithContext } from '../branch-params.js';
import type { JobContext } from '../job-context.js';
import { classifyReading, type Reading, type ReadingOutcome } from '../reading/classify-reading.js';
import { trusting } from '../reading/context-patch.js';
import type { Reply } from '../reply.js';

/** A reply to a read of the job or of its status. */
export interface Read {
  readonly reply: Reply<Reading>;
  /** True if our memory of answered questions is in doubt: the reading is then believed about the question it shows. */
  readonly inDoubt: boolean;
}

/** The context with which a reading is compared. */
export const memoryFor = (context: JobContext, reading: Reading, inDoubt: boolean): JobContext =>
  inDoubt ? trusting(context, reading) : context;

const says =
  (outcome: ReadingOutcome) =>
  ({ context }: WithContext, { reply, inDoubt }: Read): boolean =>
    reply.ok && classifyReading(memoryFor(context, reply.value, inDoubt), reply.value) === outcome;

/** Guards for where a reading leads. */
export const readingGuards = {
  saysPending: says('pending'),
  saysConfirming: says('confirming'),
  saysExecuting: says('executing'),
  saysSlotNeeded: says('slot_needed'),
  saysCompleted: says('completed'),
  saysFailed: says('failed'),
  /** Older than the state we know. */
  isStale: says('stale'),
  /** Older than the state we know, and the last of so many in a row that our own state may be wrong. */
  isSuspect: says('suspect'),
};
