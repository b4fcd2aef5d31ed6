import type { InputRequest } from '../../../machines/job-events.js';
import type { FieldError } from '../../../services/failure.js';

/** What became of values that were submitted. */
export type SlotsAnswer =
  /** The server has taken them, and the question is closed. */
  | { readonly status: 'accepted' }
  /** Some cannot be taken: a slot that is not asked for, or a 422. `request` asks again, with what was typed. */
  | {
      readonly status: 'refused';
      readonly fieldErrors: readonly FieldError[];
      readonly request: InputRequest;
    }
  /** A question is open now that these values do not close: others are missing, somebody else gave another value, or it is another question. */
  | { readonly status: 'open'; readonly request: InputRequest }
  /** Nothing is asked: it was answered elsewhere, or the job has ended or was let go. `view()` says where it is. */
  | { readonly status: 'closed' };
