import { redactedError } from './errors/redacted-error.js';
import type { GoalClient } from './goal-client.js';
import type { Redactor } from './redaction/redactor.js';

/** A client whose errors are all redacted, whatever threw them: the transport, the host, or this package. */
export function guardedClient(client: GoalClient, redactor: Redactor): GoalClient {
  const guarded =
    <Args extends readonly unknown[], Value>(call: (...args: Args) => Promise<Value>) =>
    async (...args: Args): Promise<Value> => {
      try {
        return await call(...args);
      } catch (error) {
        throw redactedError(error, redactor);
      }
    };
  return {
    ...client,
    loadCatalog: guarded(client.loadCatalog),
    uploadFile: guarded(client.uploadFile),
    createJob: guarded(client.createJob),
    getJob: guarded(client.getJob),
    fillSlots: guarded(client.fillSlots),
    confirmJob: guarded(client.confirmJob),
    getStatus: guarded(client.getStatus),
    getDownload: guarded(client.getDownload),
    fetchResult: guarded(client.fetchResult),
  };
}
