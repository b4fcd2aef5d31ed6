import type { PromiseActorLogic } from 'xstate';
import { NEVER } from '../../machines/ports.js';

type Wait<Output> = PromiseActorLogic<Output, { readonly at: number }>;

/**
 * A wait without an end is not started. Each job without a deadline would have one, and its signal, listener and promises would
 * be a tenth of the memory of a waiting job.
 */
export const skipEndlessWaits = <Output>(wait: Wait<Output>): Wait<Output> => ({
  ...wait,
  start(snapshot, scope) {
    if ((snapshot.input?.at ?? 0) < NEVER) wait.start?.(snapshot, scope);
  },
});
