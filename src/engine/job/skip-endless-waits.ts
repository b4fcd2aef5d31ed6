import type { PromiseActorLogic } from 'xstate';
import { NEVER } from '../../machines/ports.js';

type Wait<Output> = PromiseActorLogic<Output, { readonly at: number }>;

/**
 * A wait that no clock reaches is not begun. Each job without a deadline has one for all of its life, and its signal, its listener
 * and its promises would be a tenth of what a waiting job costs.
 */
export const skipEndlessWaits = <Output>(wait: Wait<Output>): Wait<Output> => ({
  ...wait,
  start(snapshot, scope) {
    if ((snapshot.input?.at ?? 0) < NEVER) wait.start?.(snapshot, scope);
  },
});
