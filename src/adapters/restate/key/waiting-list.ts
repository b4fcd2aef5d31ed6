import type { SyncAnswer, SyncMessage, WaitingJob } from '../messages.js';
import { SERVICES } from '../names.js';
import type { ObjectContext, Outbox } from '../sdk/contexts.js';

/** A change of the list of waiting jobs since the reader's last request. */
interface Change {
  readonly seq: number;
  readonly jobId: string;
  /** Absent if the job left. */
  readonly job?: WaitingJob;
}

export interface Inbox {
  readonly seq: number;
  /** Changes up to this one are no longer stored. */
  readonly from: number;
  readonly changes: readonly Change[];
  /** A reader is running or about to start. */
  readonly isRead?: boolean;
}

/** After more changes than this, the reader reads the whole list. */
const MOST_CHANGES = 500;
const ENTRY = 'w/';

export const NO_CHANGES: Inbox = { seq: 0, from: 0, changes: [] };

const inboxOf = async (ctx: ObjectContext): Promise<Inbox> => (await ctx.get<Inbox>('inbox')) ?? NO_CHANGES;

/** Appends a change to the list; of each job only the last one is kept. */
function noted(inbox: Inbox, change: Omit<Change, 'seq'>): Inbox {
  const seq = inbox.seq + 1;
  const all = [...inbox.changes.filter(({ jobId }) => jobId !== change.jobId), { ...change, seq }];
  const from = all.at(-MOST_CHANGES - 1)?.seq ?? inbox.from;
  return { ...inbox, seq, from, changes: all.slice(-MOST_CHANGES) };
}

/** The list with a job more; calls the reader if none is running. */
export function entered(ctx: ObjectContext, outbox: Outbox, inbox: Inbox, job: WaitingJob): Inbox {
  ctx.set(`${ENTRY}${job.jobId}`, job);
  if (inbox.isRead !== true) outbox.send(SERVICES.reader, ctx.key, 'shift', {});
  return { ...noted(inbox, { jobId: job.jobId, job }), isRead: true };
}

export function without(ctx: ObjectContext, inbox: Inbox, jobId: string): Inbox {
  ctx.clear(`${ENTRY}${jobId}`);
  return noted(inbox, { jobId });
}

/** The changes since the reader has asked last. */
export async function changesOf(ctx: ObjectContext, { after }: SyncMessage): Promise<SyncAnswer> {
  const inbox = await inboxOf(ctx);
  const { seq, from, changes } = inbox;
  if (after < from) return wholeList(ctx);
  const newer = changes.filter((change) => change.seq > after);
  if (newer.length !== changes.length) ctx.set('inbox', { ...inbox, from: after, changes: newer });
  const came = newer.flatMap(({ job }) => (job === undefined ? [] : [job]));
  const left = newer.flatMap(({ job, jobId }) => (job === undefined ? [jobId] : []));
  return { seq, isFull: false, entered: came, left };
}

/** The whole list, for a new reader. */
export async function wholeList(ctx: ObjectContext): Promise<SyncAnswer> {
  const inbox = await inboxOf(ctx);
  const { seq } = inbox;
  const names = (await ctx.stateKeys()).filter((name) => name.startsWith(ENTRY));
  const jobs: WaitingJob[] = [];
  for (const name of names) {
    const job = await ctx.get<WaitingJob>(name);
    if (job !== null) jobs.push(job);
  }
  ctx.set('inbox', { ...inbox, from: seq, changes: [] });
  return { seq, isFull: true, entered: jobs, left: [] };
}

/** Ends the reading if no job waits; the reader calls this, so that no job can enter in between. */
export async function rest(ctx: ObjectContext): Promise<boolean> {
  const isIdle = !(await ctx.stateKeys()).some((name) => name.startsWith(ENTRY));
  if (isIdle) ctx.clear('inbox');
  return isIdle;
}
