import type { DeliverMessage, SyncAnswer } from '../messages.js';
import { SERVICES } from '../names.js';
import { createOutbox, type ObjectContext, type Outbox } from '../sdk/contexts.js';
import type { Sdk } from '../sdk/load-sdk.js';
import type { WorkerCore } from '../worker-core.js';
import type { RecentReads } from './read-times.js';
import type { Shift } from './readers.js';
import type { ReadingUpdate } from './update-queue.js';

/** How often the reader requests the changes of the list. */
const SYNC_MS = 500;
/** So many times it asks in one shift, which makes two minutes. */
const SYNCS = 240;
/** A shift with many changes ends sooner: its journal is bounded. */
const ROUNDS = 1_000;
/** After this many shifts without a waiting job, the reader ends. */
const IDLE_ROUNDS = 4;

/** The outcome of one step of a shift; journaled. */
interface Round {
  readonly updates: readonly ReadingUpdate[];
  readonly isOver: boolean;
  /** It is time to request the changes of the list. */
  readonly isSyncDue: boolean;
  readonly isIdle: boolean;
  /** Time in ms from now during which nothing may be sent; 0 if no limit is closed. */
  readonly shutMs: number;
}

/** What the reader stores for the next shift. */
interface Last {
  /** The last shift, if it ended normally; otherwise empty. */
  readonly shift: string;
  readonly seq: number;
  readonly shutMs: number;
  readonly recent?: RecentReads | undefined;
}

const asMessage = ({ token, wants, reply, ahead }: ReadingUpdate): DeliverMessage =>
  wants === 'turn' ? { type: 'reply', token, reply, ahead } : { type: 'reply', token, reply: ahead };

function deliver(outbox: Outbox, updates: readonly ReadingUpdate[]): void {
  for (const one of updates) outbox.send(SERVICES.job, one.jobId, 'deliver', asMessage(one));
}

/** The rounds of one attempt at a shift. After a replay the attempt is no longer the reader: it ends at its first live round. */
function createRounds(core: WorkerCore, ctx: ObjectContext) {
  let held: Shift | undefined;
  let syncAt = 0;
  return {
    /** Whether this process also ran the last shift, and still knows which jobs wait. */
    begin: (last: Last | null): Promise<boolean> =>
      ctx.run('begin', async () => {
        const { id, attemptCompletedSignal: attempt } = ctx.request();
        held = await core.readers.begin(ctx.key, {
          shiftId: id,
          before: last?.shift,
          attempt,
          shutMs: last?.shutMs ?? 0,
          recent: last?.recent,
        });
        syncAt = core.clock.now() + SYNC_MS;
        return held.goesOn;
      }),
    round: (): Promise<Round> =>
      ctx.run('read', async () => {
        if (held === undefined)
          return { updates: [], isOver: true, isSyncDue: false, isIdle: false, shutMs: 0 };
        const { updates, isOver } = await held.collect(Math.max(syncAt - core.clock.now(), 1));
        const isSyncDue = core.clock.now() >= syncAt;
        if (isSyncDue) syncAt = core.clock.now() + SYNC_MS;
        return {
          updates: updates.map((one) => ({
            ...one,
            reply: core.inWallTime(one.reply),
            ahead: core.inWallTime(one.ahead),
          })),
          isOver,
          isSyncDue,
          isIdle: held.size() === 0 && updates.length === 0,
          shutMs: held.shutMs(),
        };
      }),
    apply: (answer: SyncAnswer): void => held?.apply(answer),
    close: (): Promise<RecentReads | null> => ctx.run('close', () => held?.close() ?? null),
    end: (): void => held?.end(),
  };
}

/**
 * The process that runs a shift reads all jobs of the key, in memory, with the lane's own governor, scheduler and poller, and
 * only reports new readings.
 * @param release that of this worker
 */
export function readerObject(sdk: Sdk, core: WorkerCore, release: string) {
  async function shift(ctx: ObjectContext): Promise<void> {
    const outbox = createOutbox(sdk, ctx);
    const last = await ctx.get<Last>('last');
    const rounds = createRounds(core, ctx);
    // Another release has taken over: it gets the next shift, and this one must not hold up the end of its workers.
    let isReplaced = false;
    const ask = async (handler: 'list' | 'sync', message: object): Promise<number> => {
      const answer = await outbox.call<SyncAnswer>(SERVICES.key, ctx.key, handler, message);
      rounds.apply(answer);
      isReplaced = answer.release !== release;
      return answer.seq;
    };
    try {
      const goesOn = await rounds.begin(last);
      let seq = await (goesOn ? ask('sync', { after: last?.seq ?? 0 }) : ask('list', {}));
      let [idle, syncs, shutMs, isOver] = [0, 0, 0, false];
      for (let count = 0; count < ROUNDS && syncs < SYNCS && !isOver && !isReplaced; count += 1) {
        const one = await rounds.round();
        deliver(outbox, one.updates);
        isOver = one.isOver;
        // The next reader must know this even if this process dies.
        if (one.shutMs > 0) ctx.set('last', { shift: '', seq, shutMs: one.shutMs });
        shutMs = one.shutMs;
        // What is known of a shut limit is forgotten with the reader: it stays until the limit is open.
        idle = one.isIdle && one.shutMs === 0 ? idle + 1 : 0;
        if (idle >= IDLE_ROUNDS && (await outbox.call<boolean>(SERVICES.key, ctx.key, 'rest', {}))) {
          ctx.clearAll();
          return;
        }
        if (isOver || !one.isSyncDue) continue;
        seq = await ask('sync', { after: seq });
        syncs += 1;
      }
      const recent = isOver ? null : await rounds.close();
      const end: Last =
        recent === null ? { shift: '', seq, shutMs } : { shift: ctx.request().id, seq, shutMs, recent };
      ctx.set('last', end);
      outbox.send(SERVICES.reader, ctx.key, 'shift', {});
    } finally {
      rounds.end();
    }
  }

  const { exclusive } = sdk.handlers.object;
  return sdk.object({
    name: SERVICES.reader,
    handlers: { shift: exclusive({ ingressPrivate: true }, shift) },
  });
}
