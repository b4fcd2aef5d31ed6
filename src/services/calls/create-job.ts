import type { GoalClient } from '../goal-client.js';
import type { SendRequest } from '../http/api-request.js';
import { parseReply } from '../http/parse-reply.js';
import { jobSchema } from '../wire/schemas.js';

/**
 * `POST /jobs/goal` ("Step 3: Create a Job"). Not idempotent: it is sent once, on a new connection, because a kept-alive
 * connection that the server is just closing would leave the outcome unknown. A success that cannot be parsed has an unknown
 * outcome too.
 */
export const createJob =
  (send: SendRequest): GoalClient['createJob'] =>
  async ({ workflowId, fileIds }, { signal, jobId, jobFields } = {}) => {
    const path = '/jobs/goal';
    const json = { workflowId, fileIds };
    const body = await send({
      endpoint: 'create',
      method: 'POST',
      path,
      json,
      signal,
      jobId,
      jobFields,
      isOnce: true,
    });
    return parseReply(jobSchema(), 'POST', path, body);
  };
