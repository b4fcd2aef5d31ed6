import { pathSegment } from '../check-options.js';
import type { GoalClient } from '../goal-client.js';
import type { SendRequest } from '../http/api-request.js';
import { looseJson } from '../wire/loose-json.js';
import { parseEcho } from '../wire/schemas.js';

/** `PATCH /jobs/goal/{jobSpecId}/slots` ("Step 4: Fill Required Slots"). */
export const fillSlots =
  (send: SendRequest): GoalClient['fillSlots'] =>
  async ({ jobSpecId, itemVersion, slots }, { signal, jobId, jobFields } = {}) => {
    const path = `/jobs/goal/${pathSegment('jobSpecId', jobSpecId)}/slots`;
    const json = { itemVersion, slots: slots.map(({ slotId, value }) => ({ slotId, value })) };
    const body = await send({ endpoint: 'slots', method: 'PATCH', path, json, signal, jobId, jobFields });
    return parseEcho(jobSpecId, looseJson(body));
  };
