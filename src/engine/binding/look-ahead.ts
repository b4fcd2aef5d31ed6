import type { PollTurn } from '../../machines/job-actors.js';
import type { JobPorts, PortOptions } from '../../machines/ports.js';
import { isKnown, type KnownReading } from '../../machines/reading/known-reading.js';
import type { Reply } from '../../machines/reply.js';
import { nextReadAt } from '../../machines/states/watching.js';
import type { Logger } from '../../services/logger.js';
import type { StatusReading } from '../../services/wire/wire-types.js';
import { hostFailure } from './name-ports.js';
import { failedReply, type Stamps, settle } from './settle.js';
import { type KeptContext, type TurnWaiter, waitsIn } from './turn-waiter.js';

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

/**
 * One job that looks ahead. A class instead of an async function: what a waiting job keeps is this object, and not a suspended call with
 * a new promise for each turn.
 */
class AheadReader implements TurnWaiter {
  readonly #host: LookAhead;
  readonly #job: Pick<TurnInput, 'jobSpecId'>;
  readonly #known: KnownReading;
  readonly #options: PortOptions;
  readonly #resolve: (turn: Turn) => void;
  /** Absent if promises keep it. */
  #context: KeptContext | undefined;

  constructor(
    host: LookAhead,
    job: Pick<TurnInput, 'jobSpecId'>,
    known: KnownReading,
    options: PortOptions,
    resolve: (turn: Turn) => void,
  ) {
    this.#host = host;
    this.#job = job;
    this.#known = known;
    this.#options = options;
    this.#resolve = resolve;
  }

  /** Waits for the next turn. */
  wait(notBefore: number): void {
    try {
      // Looked up each time: a missing port fails like one that throws.
      const { turns } = this.#host;
      const input = { jobSpecId: this.#job.jobSpecId, notBefore };
      const waits = waitsIn(turns.pollTurn);
      if (waits === undefined) {
        // A host's port may return anything.
        void Promise.resolve(turns.pollTurn(input, this.#options)).then(
          () => this.granted(),
          (reason: unknown) => this.refused(reason),
        );
        return;
      }
      this.#context ??= waits.keepContext();
      waits.wait(input, this.#options, this);
    } catch (error) {
      this.refused(error);
    }
  }

  granted(): void {
    if (this.#context === undefined) this.#read();
    else this.#context.runInAsyncScope(this.#read, this);
  }

  refused(reason: unknown): void {
    const { stamps, logger } = this.#host;
    // Named here, and not by a promise of the layer that does so for all other ports.
    const failure = hostFailure(reason, 'the port pollTurn', this.#options.jobId, logger);
    this.#resolve({ reply: failedReply(stamps, failure) });
  }

  #read(): void {
    const { stamps, reads } = this.#host;
    const { jobSpecId } = this.#job;
    void settle(stamps, () => reads.getStatus({ jobSpecId }, this.#options)).then((read) =>
      this.#answered(read),
    );
  }

  #answered(read: Reply<StatusReading>): void {
    if (read.ok && isKnown(this.#known, read.value)) this.wait(nextReadAt(read.at));
    else this.#resolve({ reply: { ok: true, value: undefined, at: read.at }, ahead: read });
  }
}

/**
 * Looks ahead: reads the status in each turn until it differs from what is known or fails, and resolves with that reply, which is
 * the answer to the `getStatus` after the turn. Never rejects.
 */
export const readAhead = (
  host: LookAhead,
  turn: TurnInput,
  known: KnownReading,
  options: PortOptions,
): Promise<Turn> =>
  new Promise((resolve) =>
    new AheadReader(host, turn, known, options, resolve).wait(turnAt(host.stamps, turn.notBefore)),
  );
