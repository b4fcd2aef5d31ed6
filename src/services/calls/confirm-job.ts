import { pathSegment } from '../check-options.js';
import type { GoalClient } from '../goal-client.js';
import type { SendRequest } from '../http/api-request.js';
import { looseJson } from '../wire/loose-json.js';
import { parseEcho } from '../wire/schemas.js';

/** `POST /jobs/goal/{jobSpecId}/confirm` ("Step 5: Confirm & Start Execution"): 202, usually without a body. */
export const confirmJob =
  (send: SendRequest): GoalClient['confirmJob'] =>
  async ({ jobSpecId, itemVersion }, { signal, jobId, jobFields } = {}) => {
    const path = `/jobs/goal/${pathSegment('jobSpecId', jobSpecId)}/confirm`;
    const json = { itemVersion };
    const body = await send({ endpoint: 'confirm', method: 'POST', path, json, signal, jobId, jobFields });
    return parseEcho(jobSpecId, looseJson(body));
  };
