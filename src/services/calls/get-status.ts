import { pathSegment } from '../check-options.js';
import type { GoalClient } from '../goal-client.js';
import type { SendRequest } from '../http/api-request.js';
import { parseReply } from '../http/parse-reply.js';
import { remembered } from '../remembered.js';
import { safely } from '../wire/lenient-zod.js';
import { parseJson } from '../wire/parse-json.js';
import { statusSchema } from '../wire/schemas.js';
import type { StatusReading } from '../wire/wire-types.js';

/** A status that says no more than a word and a number, which is what most reads bring: all jobs that stand alike share it. */
function readStatus(body: string): StatusReading | undefined {
  const parsed = safely(() => statusSchema.safeParse(parseJson(body)));
  if (!parsed?.success || parsed.data.checkpoint !== undefined || parsed.data.slots !== undefined)
    return undefined;
  return Object.freeze(parsed.data);
}

/** `GET /jobs/goal/{jobSpecId}/status` (Steps 6 and 7). */
export const getStatus = (send: SendRequest): GoalClient['getStatus'] => {
  const read = remembered(readStatus);
  return async ({ jobSpecId }, { signal, jobId, jobFields } = {}) => {
    const path = `/jobs/goal/${pathSegment('jobSpecId', jobSpecId)}/status`;
    const body = await send({ endpoint: 'status', method: 'GET', path, signal, jobId, jobFields });
    // What cannot be read is told with the path that it came from.
    return read(body) ?? parseReply(statusSchema, 'GET', path, body);
  };
};
