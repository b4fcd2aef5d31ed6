import type { GoalClient } from '../goal-client.js';
import type { SendRequest } from '../http/api-request.js';
import { parseReply } from '../http/parse-reply.js';
import { catalogSchema } from '../wire/schemas.js';

/** `GET /workflows/catalog` ("Step 1: Workflow Catalog"). */
export const loadCatalog =
  (send: SendRequest): GoalClient['loadCatalog'] =>
  async (_input, { signal, jobId, jobFields } = {}) => {
    const path = '/workflows/catalog';
    const body = await send({ endpoint: 'catalog', method: 'GET', path, signal, jobId, jobFields });
    return parseReply(catalogSchema, 'GET', path, body);
  };
