import * as z from 'zod/mini';
import type { EndpointBudget } from '../../services/limits/rate-budget.js';
import { type Clock, wallTimeOf } from '../binding/clock.js';
import type { JobLogger } from '../job/job-logger.js';
import type { JobStore, LaneRecord } from '../store/job-store.js';
import type { WorkflowHistory } from './reads/forecast/workflow-history.js';
import { restoredBudget, storedBudget } from './reads/stored-budget.js';

/** What a lane stores in addition to its jobs. */
export interface LaneKnowledge {
  readonly budget: Readonly<Record<string, EndpointBudget>>;
  /** Ids of queued jobs; the first starts first. */
  readonly queueOrder: readonly string[];
  readonly history: ReadonlyMap<string, WorkflowHistory>;
}

export interface LaneMemory {
  /** The stored knowledge; empty without a store, or if it cannot be read. Never rejects. */
  load(): Promise<LaneKnowledge>;
  /** Something changed: store it soon. */
  touch(): void;
  /** Stores the current knowledge. Never rejects. */
  flush(): Promise<void>;
  /** Stops all writes. */
  stop(): void;
}

export interface LaneMemoryOptions {
  readonly store: JobStore | undefined;
  readonly keyLabel: string;
  readonly clock: Clock;
  readonly logger: JobLogger | undefined;
  /** Returns the current knowledge. */
  readonly current: () => LaneKnowledge;
}

/** Changes within this time are stored together. */
const SOON_MS = 500;
/** The number of workflows whose history is kept, most recent first. */
const MAX_WORKFLOWS = 500;

const moments = z.object({
  count: z.number().check(z.nonnegative()),
  mean: z.number(),
  spread: z.number().check(z.nonnegative()),
});
const segment = z.object({ duration: moments, progress: z.array(moments).check(z.maxLength(64)) });
const workflowHistory = z.object({
  version: z.literal(1),
  segments: z.array(segment).check(z.maxLength(64)),
});
const time = z.number().check(z.nonnegative());
const endpointBudget = z.object({
  limit: z.exactOptional(z.number()),
  remaining: z.exactOptional(z.number()),
  resetAt: z.exactOptional(time),
  shutUntil: z.exactOptional(time),
});
/** Invalid entries are left out individually, so that the rest is kept. */
const each = <Entry>(schema: z.ZodMiniType<Entry>) =>
  z.pipe(
    z.record(z.string(), z.unknown()),
    z.transform((entries) =>
      Object.entries(entries).flatMap(([name, value]): [string, Entry][] => {
        const parsed = schema.safeParse(value);
        return parsed.success ? [[name, parsed.data]] : [];
      }),
    ),
  );

const NOTHING: LaneKnowledge = { budget: {}, queueOrder: [], history: new Map() };

function decode(record: LaneRecord | undefined, clock: Clock): LaneKnowledge {
  if (record === undefined) return NOTHING;
  const budget = each(endpointBudget).safeParse(record.budget);
  const history = each(workflowHistory).safeParse(record.history);
  return {
    budget: budget.success ? restoredBudget(Object.fromEntries(budget.data), record.updatedAt, clock) : {},
    queueOrder: record.queueOrder,
    history: new Map(history.success ? history.data : []),
  };
}

const encode = ({ budget, queueOrder, history }: LaneKnowledge, clock: Clock): LaneRecord => ({
  budget: storedBudget(budget, clock),
  queueOrder,
  history: Object.fromEntries([...history].slice(-MAX_WORKFLOWS)),
  updatedAt: wallTimeOf(clock),
});

export function createLaneMemory(options: LaneMemoryOptions): LaneMemory {
  const { store, keyLabel, clock, logger, current } = options;
  let cancel: (() => void) | undefined;
  let isOpen = false;
  let isStopped = false;

  const warn = (error: unknown, words: string): void =>
    logger?.warn({ reason: error instanceof Error ? error.message : String(error) }, words);

  async function write(): Promise<void> {
    // Knowledge that was not loaded yet must not be overwritten.
    if (store === undefined || !isOpen) return;
    try {
      await store.saveLane(keyLabel, encode(current(), clock));
    } catch (error) {
      warn(error, 'what the lane has learned could not be stored');
    }
  }

  return {
    async load() {
      try {
        return decode(await store?.loadLane(keyLabel), clock);
      } catch (error) {
        warn(error, 'what the lane had learned could not be read: it learns again from the start');
        return NOTHING;
      } finally {
        isOpen = true;
      }
    },
    touch() {
      if (store === undefined || isStopped) return;
      cancel ??= clock.schedule(clock.now() + SOON_MS, () => {
        cancel = undefined;
        void write();
      });
    },
    async flush() {
      cancel?.();
      cancel = undefined;
      await write();
    },
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}
