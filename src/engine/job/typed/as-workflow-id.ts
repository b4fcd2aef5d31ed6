import { refuseInput } from '../../../services/refuse-input.js';
import type { WorkflowId } from './register.js';

/**
 * An id from elsewhere (a database, a form) as one of the catalog.
 * @param catalog as `loadCatalog` gives it
 * @throws InvalidInputError where the catalog does not have it
 */
export function asWorkflowId(id: string, catalog: readonly { readonly specId: string }[]): WorkflowId {
  if (catalog.some(({ specId }) => specId === id)) {
    // Boundary: what is registered was written from such a catalog; an id that it has is one of them.
    return id as WorkflowId;
  }
  refuseInput(
    [`the catalog has no workflow ${JSON.stringify(id).slice(0, 200)}`],
    'Choose one that goal-lane workflows lists.',
  );
}
