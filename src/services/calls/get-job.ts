import { pathSegment } from '../check-options.js';
import type { GoalClient } from '../goal-client.js';
import type { SendRequest } from '../http/api-request.js';
import { parseReply } from '../http/parse-reply.js';
import { jobSchema } from '../wire/schemas.js';

/** `GET /jobs/goal/{jobSpecId}` ("Error Handling"): the job's status and item version. */
export const getJob =
  (send: SendRequest): GoalClient['getJob'] =>
  async ({ jobSpecId }, { signal, jobId, jobFields } = {}) => {
    const path = `/jobs/goal/${pathSegment('jobSpecId', jobSpecId)}`;
    const body = await send({ endpoint: 'job', method: 'GET', path, signal, jobId, jobFields });
    return parseReply(jobSchema(jobSpecId), 'GET', path, body);
  };
