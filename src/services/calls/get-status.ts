import { pathSegment } from '../check-options.js';
import type { GoalClient } from '../goal-client.js';
import type { SendRequest } from '../http/api-request.js';
import { parseReply } from '../http/parse-reply.js';
import { statusSchema } from '../wire/schemas.js';

/** `GET /jobs/goal/{jobSpecId}/status` (Steps 6 and 7). */
export const getStatus =
  (send: SendRequest): GoalClient['getStatus'] =>
  async ({ jobSpecId }, { signal, jobId, jobFields } = {}) => {
    const path = `/jobs/goal/${pathSegment('jobSpecId', jobSpecId)}/status`;
    const body = await send({ endpoint: 'status', method: 'GET', path, signal, jobId, jobFields });
    return parseReply(statusSchema, 'GET', path, body);
  };
