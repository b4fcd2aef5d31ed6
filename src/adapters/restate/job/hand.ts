import type { OpenCall } from '../../../engine/interpreter/interpreted-job.js';
import { sanitizeSnapshot } from '../../../engine/store/record/sanitize-snapshot.js';
import { ENDED_ONCE } from '../ended.js';
import type { EndedJob } from '../messages.js';
import { deskCall, SERVICES } from '../names.js';
import { createOutbox, type ObjectContext, type Outbox } from '../sdk/contexts.js';
import type { Sdk } from '../sdk/load-sdk.js';
import type { WorkerCore } from '../worker-core.js';
import { isChained } from './call-chain.js';
import { type Drive, type DriveHandlers, fitDrive, isRead, newDrive } from './drive-job.js';
import { givePermitBack, makeCallOn } from './job-calls.js';
import { outputOf, rowOf, viewNow } from './job-shown.js';
import { decodeJob, encodeJob } from './stored-job.js';

/** What the handlers of a job share. */
export interface JobParts {
  readonly sdk: Sdk;
  readonly core: WorkerCore;
}

/** A job in the hands of one handler. */
export interface Hand {
  readonly drive: Drive;
  /** The stored row, as JSON. */
  readonly row: string | undefined;
  readonly outbox: Outbox;
  readonly handlers: DriveHandlers;
}

/** Stops a call whose reply is no longer needed, and gives back what the key has granted for it. */
function stopCall(outbox: Outbox, one: Drive, { token, src }: OpenCall): void {
  // What the key grants to a call that is over, it would never get back.
  const call = deskCall(one.id, token);
  if (src === 'startTurn') one.events.push({ type: 'leave', call }, { type: 'createEnded', call });
  if (src === 'createJob') one.events.push({ type: 'createEnded', call });
  const { [token]: invocation, ...waits } = one.stored.waits;
  if (invocation === undefined) return;
  one.stored = { ...one.stored, waits };
  outbox.cancel(invocation);
}

export function handOf({ sdk, core }: JobParts, ctx: ObjectContext, drive: Drive, isStored: boolean): Hand {
  const outbox = createOutbox(sdk, ctx);
  const make = makeCallOn({ ctx, outbox, core, sdk });
  return {
    drive,
    outbox,
    row: isStored ? JSON.stringify(rowOf(drive)) : undefined,
    handlers: {
      make,
      now: () => ctx.run('now', core.now),
      reportsTime: (calls) => calls.length > 0 && calls.every(isChained),
      stop: (one, call) => stopCall(outbox, one, call),
    },
  };
}

/** Reports to the key what concerns it, in one message at the end of a handler; nothing if there is nothing to report. */
function reportToKey({ drive, outbox }: Hand, isEnded: boolean): void {
  givePermitBack(drive);
  const { id, stored, events, enter, creations, isCreateKnown, wasWaiting } = drive;
  if (isEnded && stored.place !== 'none') events.push({ type: 'released', jobId: id });
  const mustLeave = wasWaiting && enter === undefined && !stored.job.open.some(isRead);
  if (events.length === 0 && enter === undefined && !mustLeave && !isCreateKnown) return;
  outbox.send(SERVICES.key, stored.keyId, 'report', {
    now: drive.now,
    events,
    isCreateKnown,
    ...(creations === undefined ? {} : { creations }),
    ...(enter === undefined ? {} : { enter }),
    ...(mustLeave ? { leave: id } : {}),
  });
}

/** Stores the position of the job, or, if it has ended, passes its end on and deletes its state. */
export function settle(core: WorkerCore, ctx: ObjectContext, hand: Hand): void {
  const { drive, outbox } = hand;
  const { stored, log, now, id } = drive;
  const { keyId, createdAt } = stored;
  const output = outputOf(drive);
  reportToKey(hand, output !== undefined);
  if (output === undefined) {
    ctx.set('job', encodeJob({ stored, log, now }));
    const row = rowOf(drive);
    if (JSON.stringify(row) !== hand.row) ctx.set('row', row);
    const traceparent = drive.trace.toStore();
    // Not journaled: a process that repeats this handler traces it again.
    if (traceparent !== undefined) core.ingress.traced(id, { traceparent });
    return;
  }
  drive.trace.ended(output, now);
  ctx.clearAll();
  const view = viewNow(drive);
  const { events, moves = [] } = log;
  const ended: EndedJob = { keyId, createdAt, endedAt: now, output, view, events, moves };
  outbox.sendKept(SERVICES.job, id, output.status, sanitizeSnapshot(ended), ENDED_ONCE);
}

/** The stored job, adapted to this release's chart; undefined if there is none. */
export async function loadHand(parts: JobParts, ctx: ObjectContext, at: number): Promise<Hand | undefined> {
  const raw = await ctx.get<unknown>('job');
  if (raw === null) return undefined;
  const { stored, log } = decodeJob(raw, at);
  const traceparent = (await ctx.get<string>('trace')) ?? undefined;
  const begun = { id: ctx.key, stored, log, now: at, traceparent };
  const hand = handOf(parts, ctx, newDrive(parts.core.traces, begun), true);
  await fitDrive(hand.drive, hand.handlers);
  return hand;
}
