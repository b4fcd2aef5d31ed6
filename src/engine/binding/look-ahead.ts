import type { PollTurn } from '../../machines/job-actors.js';
import type { JobPorts, PortOptions } from '../../machines/ports.js';
import { isKnown, type KnownReading } from '../../machines/reading/known-reading.js';
import type { Reply } from '../../machines/reply.js';
import { nextReadAt } from '../../machines/states/watching.js';
import type { StatusReading } from '../../services/wire/wire-types.js';
import { failedReply, type Stamps, settle } from './settle.js';

type TurnInput = Omit<PollTurn, 'known'>;
type Reads = Pick<JobPorts, 'pollTurn' | 'getStatus'>;

/** The answer to a poll turn, with the reading that ended it if the binding looked ahead. */
export interface Turn {
  readonly reply: Reply<void>;
  /** The answer to the following `getStatus`, which then sends no request. */
  readonly ahead?: Reply<StatusReading>;
}

/** No read can be in the future: such a time comes from another clock. */
const turnAt = ({ clock }: Stamps, notBefore: number): number => Math.min(notBefore, nextReadAt(clock.now()));

/** Waits for the job's turn without reading. Rejects if the wait does. */
export const untilTurn = (
  stamps: Stamps,
  ports: Reads,
  turn: TurnInput,
  options: PortOptions,
): Promise<void> =>
  ports.pollTurn({ jobSpecId: turn.jobSpecId, notBefore: turnAt(stamps, turn.notBefore) }, options);

/**
 * Looks ahead: reads the status in each turn until it differs from what is known or fails, and resolves with that reply, which is
 * the answer to the `getStatus` after the turn. Never rejects. One function, because a waiting job keeps a suspended call of each
 * function between it and its turn, at some 400 bytes.
 */
export async function readAhead(
  stamps: Stamps,
  ports: Reads,
  { jobSpecId, notBefore }: TurnInput,
  known: KnownReading,
  options: PortOptions,
): Promise<Turn> {
  try {
    let at = turnAt(stamps, notBefore);
    for (;;) {
      await ports.pollTurn({ jobSpecId, notBefore: at }, options);
      const read = await settle(stamps, () => ports.getStatus({ jobSpecId }, options));
      if (!read.ok || !isKnown(known, read.value))
        return { reply: { ok: true, value: undefined, at: read.at }, ahead: read };
      at = nextReadAt(read.at);
    }
  } catch (error) {
    // No turn was granted.
    return { reply: failedReply(stamps, error) };
  }
}
