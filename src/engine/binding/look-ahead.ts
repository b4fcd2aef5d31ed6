import type { PollTurn } from '../../machines/job-actors.js';
import type { JobPorts, PortOptions } from '../../machines/ports.js';
import { isKnown, type KnownReading } from '../../machines/reading/known-reading.js';
import type { Reply } from '../../machines/reply.js';
import { nextReadAt } from '../../machines/states/watching.js';
import type { Logger } from '../../services/logger.js';
import type { StatusReading } from '../../services/wire/wire-types.js';
import { hostFailure } from './name-ports.js';
import { failedReply, type Stamps, settle } from './settle.js';

type TurnInput = Omit<PollTurn, 'known'>;

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
  ports: Pick<JobPorts, 'pollTurn'>,
  turn: TurnInput,
  options: PortOptions,
): Promise<void> =>
  ports.pollTurn({ jobSpecId: turn.jobSpecId, notBefore: turnAt(stamps, turn.notBefore) }, options);

/** What all jobs of a host look ahead with. */
export interface LookAhead {
  readonly stamps: Stamps;
  readonly logger: Logger | undefined;
  /** The port for turns as it is given: its errors are not named yet. */
  readonly turns: Pick<JobPorts, 'pollTurn'>;
  readonly reads: Pick<JobPorts, 'getStatus'>;
}

/** A function of its own, so that no variable of the suspended one is captured. */
const readOnce = (
  { stamps, reads }: LookAhead,
  { jobSpecId }: TurnInput,
  options: PortOptions,
): Promise<Reply<StatusReading>> => settle(stamps, () => reads.getStatus({ jobSpecId }, options));

/**
 * Looks ahead: reads the status in each turn until it differs from what is known or fails, and resolves with that reply, which is
 * the answer to the `getStatus` after the turn. Never rejects. One function of few variables, because a waiting job keeps a
 * suspended call of each function between it and its turn, at some 400 bytes. For the same reason it names errors of the port
 * itself, and not by a promise of the layer that does so for all others.
 */
export async function readAhead(
  host: LookAhead,
  turn: TurnInput,
  known: KnownReading,
  options: PortOptions,
): Promise<Turn> {
  try {
    let notBefore = turnAt(host.stamps, turn.notBefore);
    for (;;) {
      await host.turns.pollTurn({ jobSpecId: turn.jobSpecId, notBefore }, options);
      const read = await readOnce(host, turn, options);
      if (!read.ok || !isKnown(known, read.value))
        return { reply: { ok: true, value: undefined, at: read.at }, ahead: read };
      notBefore = nextReadAt(read.at);
    }
  } catch (error) {
    // No turn was granted.
    const failure = hostFailure(error, 'the port pollTurn', options.jobId, host.logger);
    return { reply: failedReply(host.stamps, failure) };
  }
}
