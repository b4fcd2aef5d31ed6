import type { SendRequest } from '../api-request.js';
import type { GoalClient } from '../goal-client.js';
import { parseReply } from '../parse-reply.js';
import { catalogSchema } from '../schemas.js';

/** `GET /workflows/catalog` (Step 1). */
export const loadCatalog =
  (send: SendRequest): GoalClient['loadCatalog'] =>
  async (_input, { signal, jobId, jobFields } = {}) => {
    const path = '/workflows/catalog';
    const body = await send({ endpoint: 'catalog', method: 'GET', path, signal, jobId, jobFields });
    return parseReply(catalogSchema, 'GET', path, body);
  };
