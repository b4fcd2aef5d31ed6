import { type LogEntry, startEmulator } from '../../src/adapters/emulator/index.js';

/** What is asked of the server's log. */
export interface SideFigures {
  readonly created: number;
  /** Epoch ms of the last create; 0 before there was one. */
  readonly lastCreateAt: number;
  readonly confirmed: number;
  /** Epoch ms of the last confirm; 0 before there was one. */
  readonly lastConfirmAt: number;
  /** Reads that the limit allowed. */
  readonly readsInWindow: number;
  readonly refusals: number;
  readonly tooSoon: number;
  /** From the end of a job at the server to the request for its result, in ms, of those that have ended. */
  readonly delaysMs: readonly number[];
}

export interface Question {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

export const CONFIRMING_MS = 300;
/** In this time a waiting job is read once where the limit is used up. */
const READ_EVERY_MS_A_JOB = 60;

/**
 * Durations by lot, over one round of reads. Jobs that end in the order in which they are read, a little faster or slower, would all
 * end early or all late in their round: the delay of a run would be that of its phase.
 */
class Durations {
  readonly #created = new Map<string, number>();
  readonly #log: () => readonly LogEntry[];

  constructor(log: () => readonly LogEntry[]) {
    this.#log = log;
  }

  draw(leastMs: number, jobs: number, random: () => number): number {
    const ms = leastMs + random() * jobs * READ_EVERY_MS_A_JOB;
    // The job gets its id in this very turn of the event loop.
    queueMicrotask(() => {
      const isNew = (id: string): boolean => !this.#created.has(id);
      const entry = this.#log().findLast(
        ({ effect }) => effect?.type === 'created' && isNew(effect.jobSpecId),
      );
      if (entry?.effect?.type === 'created') this.#created.set(entry.effect.jobSpecId, ms);
    });
    return ms;
  }

  of(jobSpecId: string): number {
    return this.#created.get(jobSpecId) ?? Number.NaN;
  }
}

/**
 * The emulated API in a process of its own, with one key a side, so that its cost counts for neither.
 * @param durationMs the least that a job takes
 */
export async function emulatorSide(jobs: number, durationMs: number): Promise<void> {
  const limits = {
    createsPerDay: Number.POSITIVE_INFINITY,
    statusReadsPerMinute: 1_000,
    concurrentJobs: jobs + 10,
  };
  const durations = new Durations(() => emulator.log);
  const emulator = await startEmulator({
    apiKeys: ['fleet', 'lane'].map((name) => ({ key: `sk_bench_${name}`, label: name, plan: limits })),
    workflows: [
      {
        specId: 'bench.waiting',
        name: 'Waits',
        description: 'Says nothing new until it is done.',
        supportedInputFormats: [],
        requiredSlots: [],
        maxInputSizeBytes: 1_000_000,
        minFileCount: 1,
        execution: {
          durationMs: (random) => durations.draw(durationMs, jobs, random),
          confirmingMs: CONFIRMING_MS,
          curve: 'absent',
          result: { kind: 'random', bytes: 1_000 },
        },
      },
    ],
  });
  const answer = ({ key, from, to }: Question): SideFigures => {
    const log = emulator.log.filter((entry) => entry.key === key);
    const confirms = new Map<string, number>();
    const located = new Map<string, number>();
    for (const { effect, jobSpecId = '', at, endpoint } of log) {
      if (effect?.type === 'confirmed') confirms.set(jobSpecId, at);
      if (endpoint === 'download' && !located.has(jobSpecId)) located.set(jobSpecId, at);
    }
    const reads = log.filter(({ endpoint }) => endpoint === 'status');
    const creates = log.filter(({ effect }) => effect?.type === 'created');
    return {
      created: creates.length,
      lastCreateAt: creates.at(-1)?.at ?? 0,
      confirmed: confirms.size,
      lastConfirmAt: Math.max(0, ...confirms.values()),
      readsInWindow: reads.filter(({ at, status }) => status !== 429 && at >= from && at < to).length,
      refusals: log.filter(({ status }) => status === 429).length,
      tooSoon: reads.filter(({ tooSoon }) => tooSoon).length,
      delaysMs: [...located].map(
        ([job, at]) => at - (confirms.get(job) ?? Number.NaN) - CONFIRMING_MS - durations.of(job),
      ),
    };
  };
  process.on('message', (question: Question) => process.send?.(answer(question)));
  process.once('disconnect', () => process.exit(0));
  process.send?.({ baseUrl: emulator.baseUrl });
}
