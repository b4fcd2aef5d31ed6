import { refuseInput } from '../../../services/refuse-input.js';
import type { WorkflowId } from './register.js';

/**
 * Checks an id from elsewhere (a database, a form) against the catalog.
 * @param catalog as returned by `loadCatalog`
 * @throws InvalidInputError if the catalog does not contain it
 */
export function asWorkflowId(id: string, catalog: readonly { readonly specId: string }[]): WorkflowId {
  if (catalog.some(({ specId }) => specId === id)) {
    // Boundary: the registered ids come from such a catalog, so an id in it is one of them.
    return id as WorkflowId;
  }
  refuseInput(
    [`the catalog has no workflow ${JSON.stringify(id).slice(0, 200)}`],
    'Choose one that goal-lane workflows lists.',
  );
}
