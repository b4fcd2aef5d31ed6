import { CallerOptions } from '../caller-signal.js';
import { pathSegment } from '../check-options.js';
import type { GoalClient } from '../goal-client.js';
import type { SendRequest } from '../http/api-request.js';
import { parseReply } from '../http/parse-reply.js';
import { remembered } from '../remembered.js';
import { safely } from '../wire/lenient-zod.js';
import { parseJson } from '../wire/parse-json.js';
import { statusSchema } from '../wire/schemas.js';
import type { StatusReading } from '../wire/wire-types.js';

/** Most status replies contain only a word and a number. Jobs with the same reply share one object. */
function readStatus(body: string): StatusReading | undefined {
  const parsed = safely(() => statusSchema.safeParse(parseJson(body)));
  if (!parsed?.success || parsed.data.checkpoint !== undefined || parsed.data.slots !== undefined)
    return undefined;
  return Object.freeze(parsed.data);
}

/** `GET /jobs/goal/{jobSpecId}/status` ("Step 6: Poll for Status" and "Step 7: Interactive Checkpoints"). */
export const getStatus = (send: SendRequest): GoalClient['getStatus'] => {
  const read = remembered(readStatus);
  return async ({ jobSpecId }, options = {}) => {
    const { jobId, jobFields } = options;
    // Of thousands of waiting jobs, none has a signal of the platform.
    const signal = CallerOptions.signalOf(options);
    const path = `/jobs/goal/${pathSegment('jobSpecId', jobSpecId)}/status`;
    const body = await send({ endpoint: 'status', method: 'GET', path, signal, jobId, jobFields });
    // A reply that cannot be parsed is parsed again, for an error that names the path.
    return read(body) ?? parseReply(statusSchema, 'GET', path, body);
  };
};
