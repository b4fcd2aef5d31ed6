import { pathSegment } from '../check-options.js';
import type { GoalClient } from '../goal-client.js';
import type { SendRequest } from '../http/api-request.js';
import { parseReply } from '../http/parse-reply.js';
import { downloadSchema } from '../wire/schemas.js';

/** `GET /jobs/goal/{jobSpecId}/download` ("Step 8: Download Results"): a pre-signed URL, valid for an hour. */
export const getDownload =
  (send: SendRequest): GoalClient['getDownload'] =>
  async ({ jobSpecId }, { signal, jobId, jobFields } = {}) => {
    const path = `/jobs/goal/${pathSegment('jobSpecId', jobSpecId)}/download`;
    const body = await send({ endpoint: 'download', method: 'GET', path, signal, jobId, jobFields });
    return parseReply(downloadSchema, 'GET', path, body);
  };
