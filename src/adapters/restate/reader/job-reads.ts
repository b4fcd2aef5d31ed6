import { settle } from '../../../engine/binding/settle.js';
import type { Reply } from '../../../machines/reply.js';
import { nextReadAt } from '../../../machines/states/watching.js';
import type { StatusReading } from '../../../services/wire/wire-types.js';
import type { KeyTools } from '../key-tools.js';
import type { WaitingJob } from '../messages.js';
import type { ReadTimes } from './read-times.js';
import type { ReaderGate } from './reader-gate.js';

/** The reads of a key's jobs: each in its turn, and none while another process is the reader. */
export class JobReads {
  /** Epoch ms before which nothing leaves. */
  quietUntil = Number.NEGATIVE_INFINITY;
  readonly #tools: KeyTools;
  readonly #gate: ReaderGate;
  readonly #times: ReadTimes;

  constructor(tools: KeyTools, gate: ReaderGate, times: ReadTimes) {
    this.#tools = tools;
    this.#gate = gate;
    this.#times = times;
  }

  /** Reads the job when it is its turn, not before `notBefore` (epoch ms). Rejects if it is no longer followed here. */
  async next(job: WaitingJob, notBefore: number, signal: AbortSignal): Promise<Reply<StatusReading>> {
    for (;;) {
      await this.#turn(job, notBefore, signal);
      if (this.#gate.isOpen()) return this.#read(job, signal);
      // Closed at the same moment: the next reader was informed that this job is not being read.
      this.#tools.poller.failed(job.jobId, false);
    }
  }

  #earliest(jobId: string, notBefore: number): number {
    return Math.max(notBefore, nextReadAt(this.#times.last(jobId)), this.quietUntil);
  }

  /** Waits for the job's turn, then checks law 3, never early again. */
  async #turn({ jobId, workflowId }: WaitingJob, notBefore: number, signal: AbortSignal): Promise<void> {
    const { poller, clock } = this.#tools;
    let at = this.#earliest(jobId, notBefore);
    for (;;) {
      await poller.turn(
        { jobId, notBefore: at, ...(workflowId === undefined ? {} : { workflowId }) },
        signal,
      );
      await this.#gate.pass(signal);
      at = this.#earliest(jobId, notBefore);
      if (at <= clock.now()) return;
      // The turn came too early: return it and wait for another.
      poller.failed(jobId, false);
    }
  }

  async #read(job: WaitingJob, signal: AbortSignal): Promise<Reply<StatusReading>> {
    const { jobId, jobSpecId, fields = { jobSpecId } } = job;
    const { poller, getStatus } = this.#tools;
    this.#times.note(jobId);
    this.#times.count(1);
    const reply = await settle(this.#tools, () =>
      getStatus({ jobSpecId }, { signal, jobId, jobFields: () => fields }),
    );
    signal.throwIfAborted();
    this.#times.note(jobId);
    if (reply.ok) poller.observe(jobId, reply.value);
    else poller.failed(jobId, !(reply.failure.kind === 'rate-limited' && reply.failure.status === undefined));
    return reply;
  }
}
