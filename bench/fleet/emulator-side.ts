import { startEmulator } from '../../src/adapters/emulator/index.js';

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

/** The emulated API in a process of its own, with one key a side, so that its cost counts for neither. */
export async function emulatorSide(jobs: number, durationMs: number): Promise<void> {
  const limits = {
    createsPerDay: Number.POSITIVE_INFINITY,
    statusReadsPerMinute: 1_000,
    concurrentJobs: jobs + 10,
  };
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
          durationMs,
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
      delaysMs: [...located].map(([job, at]) => at - (confirms.get(job) ?? at) - CONFIRMING_MS - durationMs),
    };
  };
  process.on('message', (question: Question) => process.send?.(answer(question)));
  process.once('disconnect', () => process.exit(0));
  process.send?.({ baseUrl: emulator.baseUrl });
}
