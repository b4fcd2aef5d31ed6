import { UNKNOWN_ADVICE } from '../../machines/failure/create-outcome.js';
import type { JobPorts } from '../../machines/ports.js';
import type { Failure } from '../../services/failure.js';
import type { Logger } from '../../services/logger.js';
import type { Job } from '../../services/wire/wire-types.js';
import { beforeEffect, type Call, portOptions } from './call-context.js';
import { type Stamps, settle } from './settle.js';
import { createTickets } from './tickets.js';

export interface CreateInput {
  readonly ticket: string;
  readonly workflowId: string;
  readonly fileIds: readonly string[];
}

/** A host's port may return anything: a created job without an id could not be resumed. */
function checkCreated(job: Job): Job {
  const isJob: boolean =
    typeof job === 'object' && job !== null && typeof job.jobSpecId === 'string' && job.jobSpecId !== '';
  if (isJob) return job;
  throw {
    kind: 'bad-response',
    message: 'createJob answered, but not with a job that has an id',
    advice: UNKNOWN_ADVICE,
    delivery: 'unknown',
  } satisfies Failure;
}

/** The create and its ticket: a create prepared by another process is refused, not repeated (law 1, never twice). */
export function createCalls(
  stamps: Stamps,
  createJob: JobPorts['createJob'],
  logger: Logger | undefined,
): { readonly issueTicket: Call<Record<never, never>, string>; readonly createJob: Call<CreateInput, Job> } {
  const tickets = createTickets<Job>();
  return {
    issueTicket: () => settle(stamps, async () => tickets.arm()),
    createJob: ({ ticket, ...request }, call) =>
      settle(stamps, () =>
        tickets
          .once(ticket, async () => {
            await beforeEffect(call, 'createJob', logger);
            return checkCreated(await createJob(request, portOptions(call)));
          })
          .finally(() => tickets.forget(ticket)),
      ),
  };
}
