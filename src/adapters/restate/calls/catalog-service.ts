import type { Reply } from '../../../machines/reply.js';
import type { Workflow } from '../../../services/wire/wire-types.js';
import { SERVICES } from '../names.js';
import type { Context } from '../sdk/contexts.js';
import type { Sdk } from '../sdk/load-sdk.js';
import type { WorkerCore } from '../worker-core.js';

/** Requests the workflows of a key. */
export interface CatalogMessage {
  readonly keyId: string;
}

export type CatalogAnswer = Reply<readonly Workflow[]>;

const call = { id: 'loadCatalog', token: '', src: 'loadCatalog', input: {} };

/** The workflows that a key may run, for clients, which have no key. */
export function catalogService(sdk: Sdk, core: WorkerCore) {
  async function list(ctx: Context, { keyId }: CatalogMessage): Promise<CatalogAnswer> {
    const signal = ctx.request().attemptCompletedSignal;
    const ask = () => core.make({ jobId: 'catalog', keyId, call, signal, report: () => undefined });
    // Boundary: the answer of the port with that name.
    return ctx.run('list', ask) as Promise<CatalogAnswer>;
  }
  return sdk.service({ name: SERVICES.catalog, handlers: { list: sdk.handlers.handler({}, list) } });
}
