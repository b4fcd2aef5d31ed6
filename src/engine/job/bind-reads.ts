import { type AnyActorRef, fromPromise } from 'xstate';
import type { PollTurn } from '../../machines/job-actors.js';
import type { JobPorts, PortOptions } from '../../machines/ports.js';
import { isKnown } from '../../machines/reading/known-reading.js';
import type { Reply } from '../../machines/reply.js';
import { nextReadAt } from '../../machines/states/watching.js';
import type { StatusReading } from '../../services/wire/wire-types.js';
import { type Bound, jobOf, portOptions, reply, settle } from './bound.js';

/** Looks ahead: what is news is kept for the `getStatus` that follows, by the actor of the job, so that none outlives it. */
export function bindReads(bound: Bound, { pollTurn, getStatus }: Pick<JobPorts, 'pollTurn' | 'getStatus'>) {
  const news = new WeakMap<AnyActorRef, Reply<StatusReading>>();
  const untilNews = async (
    { jobSpecId, notBefore, known }: PollTurn,
    options: PortOptions,
    job: AnyActorRef,
  ) => {
    // Nothing was read in the future: a time that says so was told by another clock.
    let at = Math.min(notBefore, nextReadAt(bound.clock.now()));
    for (;;) {
      await pollTurn({ jobSpecId, notBefore: at }, options);
      if (known === undefined || bound.lookAhead === false) return;
      const read = await settle(bound, () => getStatus({ jobSpecId }, options));
      const isNews = !read.ok || !isKnown(known, read.value);
      if (isNews) return void news.set(job, read);
      at = nextReadAt(read.at);
    }
  };
  return {
    pollTurn: fromPromise<Reply<void>, PollTurn>(({ input, signal, self }) => {
      const job = jobOf(self);
      news.delete(job);
      return reply(bound, self, () => untilNews(input, portOptions(self, signal), job));
    }),
    getStatus: fromPromise<Reply<StatusReading>, { readonly jobSpecId: string }>(
      ({ input, signal, self }) => {
        const job = jobOf(self);
        const read = news.get(job);
        news.delete(job);
        if (read !== undefined) return Promise.resolve(read);
        return reply(bound, self, () => getStatus(input, portOptions(self, signal)));
      },
    ),
  };
}
