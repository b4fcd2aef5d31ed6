import type { JobView } from '../../../engine/job/source/job-view.js';
import { followSubmission, type Submission } from '../../../engine/job/submission.js';
import type { EventsPage, SubmissionAnswer } from '../messages.js';
import type { ObjectSharedContext } from '../sdk/contexts.js';
import { storedView } from './job-shown.js';
import { decodeJob } from './stored-job.js';

/** The outcome of values that were sent before; `closed` if the job has ended since and the server was never seen to have them. */
export async function submission(ctx: ObjectSharedContext, sent: Submission): Promise<SubmissionAnswer> {
  const raw = await ctx.get<unknown>('job');
  if (raw !== null) return followSubmission(decodeJob(raw).stored.job, sent);
  return { submission: sent, answer: { status: sent.isHeld ? 'accepted' : 'closed' } };
}

export async function view(ctx: ObjectSharedContext): Promise<JobView | null> {
  const raw = await ctx.get<unknown>('job');
  return raw === null ? null : storedView(raw);
}

/** The events after a number and the position of the job, in one request. */
export async function events(
  ctx: ObjectSharedContext,
  { since }: { readonly since: number },
): Promise<EventsPage> {
  const raw = await ctx.get<unknown>('job');
  if (raw === null) return { isThere: false, events: [] };
  const { log, stored } = decodeJob(raw);
  const { createdAt } = stored;
  const events = log.events.filter(({ seq }) => seq > since);
  const moves = log.moves?.filter(([seq]) => seq > since) ?? [];
  return { isThere: true, events, moves, view: storedView(raw), createdAt, last: log.last };
}
