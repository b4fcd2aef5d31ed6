import { catalogItem } from '../job-views.js';
import type { AnswerCall } from './call.js';

/** GET /workflows/catalog ("Step 1: Workflow Catalog"): an array. */
export const loadCatalog: AnswerCall = ({ world }) => ({
  status: 200,
  body: world.settings.workflows.map(catalogItem),
});
