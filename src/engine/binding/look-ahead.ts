import type { PollTurn } from '../../machines/job-actors.js';
import type { JobPorts, PortOptions } from '../../machines/ports.js';
import { isKnown, type KnownReading } from '../../machines/reading/known-reading.js';
import type { Reply } from '../../machines/reply.js';
import { nextReadAt } from '../../machines/states/watching.js';
import type { StatusReading } from '../../services/wire/wire-types.js';
import { type Stamps, settle } from './settle.js';

type Turn = Omit<PollTurn, 'known'>;
type Reads = Pick<JobPorts, 'pollTurn' | 'getStatus'>;

/** No read can be in the future: such a time comes from another clock. */
const turnAt = ({ clock }: Stamps, notBefore: number): number => Math.min(notBefore, nextReadAt(clock.now()));

/** Waits for the job's turn without reading. Rejects if the wait does. */
export const untilTurn = (stamps: Stamps, ports: Reads, turn: Turn, options: PortOptions): Promise<void> =>
  ports.pollTurn({ jobSpecId: turn.jobSpecId, notBefore: turnAt(stamps, turn.notBefore) }, options);

/**
 * Looks ahead: reads the status in each turn until it differs from what is known or fails, and returns that reply. It is the
 * answer to the `getStatus` after the turn. Rejects if a wait for a turn does.
 */
export async function readAhead(
  stamps: Stamps,
  ports: Reads,
  { jobSpecId, notBefore }: Turn,
  known: KnownReading,
  options: PortOptions,
): Promise<Reply<StatusReading>> {
  let at = turnAt(stamps, notBefore);
  for (;;) {
    await ports.pollTurn({ jobSpecId, notBefore: at }, options);
    const read = await settle(stamps, () => ports.getStatus({ jobSpecId }, options));
    if (!read.ok || !isKnown(known, read.value)) return read;
    at = nextReadAt(read.at);
  }
}
