import type { GoalClient } from '../goal-client.js';
import type { SendRequest } from '../http/api-request.js';
import { parseReply } from '../http/parse-reply.js';
import { jobSchema } from '../wire/schemas.js';

/**
 * `POST /jobs/goal` (Step 3). Not idempotent: it is sent once, on a connection of its own, so that a kept one that the
 * server is just closing cannot leave it unknown whether a job was created. A success that cannot be read is such a case.
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
