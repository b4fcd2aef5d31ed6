import type { EndpointBudget } from '../../../services/limits/rate-budget.js';
import type { QueueRank } from '../../store/record/job-record.js';

/** A call that waits for its answer. */
export interface Asking {
  /** Unique among all calls: a job may repeat a call while the earlier one is still being answered. */
  readonly call: string;
  readonly jobId: string;
}

/** Requests and reports to the desk. */
export type DeskEvent =
  /**
   * Requests a place: answered by a grant or a refusal, possibly much later. `withCreate`: its create follows at once, and is to be
   * granted with the place.
   */
  | ({ readonly type: 'turn'; readonly withCreate?: boolean } & Asking & QueueRank)
  /** Withdraws the request for a turn. */
  | { readonly type: 'leave'; readonly call: string }
  /** Requests to send a create: answered like a turn. */
  | ({ readonly type: 'create' } & Asking)
  /** A create has ended, successfully or not, or is no longer requested. */
  | { readonly type: 'createEnded'; readonly call: string }
  /** The job is on the server: created by this lane, or found there. */
  | { readonly type: 'arrived'; readonly jobId: string }
  /** The server refused a create: too many concurrent jobs. */
  | { readonly type: 'createRefused' }
  /** Requests to send a confirm: answered at once. */
  | ({ readonly type: 'confirm' } & Asking)
  | { readonly type: 'confirmed' }
  /** The server refused a confirm: too many concurrent jobs. */
  | { readonly type: 'confirmRefused' }
  /** The job no longer has a place. */
  | { readonly type: 'released'; readonly jobId: string }
  /** Time has passed, or more is known about the creations. */
  | { readonly type: 'tick' };

export type DeskRequest = DeskEvent & {
  /** Epoch ms. */
  readonly now: number;
  /** What to add for the wall clock time that people read, in ms. Default 0. */
  readonly wallOffset?: number;
  /** What is known about the creations of the day. */
  readonly creations?: EndpointBudget | undefined;
  /** At most this many creates are sent at once with a place. Default: as many as the number of places allows. */
  readonly createsAtOnce?: number | undefined;
};
