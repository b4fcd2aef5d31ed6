import type { SendRequest } from '../api-request.js';
import { pathSegment } from '../check-options.js';
import type { GoalClient } from '../goal-client.js';
import { parseReply } from '../parse-reply.js';
import { downloadSchema } from '../schemas.js';

/** `GET /jobs/goal/{jobSpecId}/download` (Step 8): a pre-signed URL, good for an hour. */
export const getDownload =
  (send: SendRequest): GoalClient['getDownload'] =>
  async ({ jobSpecId }, { signal, jobId, jobFields } = {}) => {
    const path = `/jobs/goal/${pathSegment('jobSpecId', jobSpecId)}/download`;
    const body = await send({ endpoint: 'download', method: 'GET', path, signal, jobId, jobFields });
    return parseReply(downloadSchema, 'GET', path, body);
  };
