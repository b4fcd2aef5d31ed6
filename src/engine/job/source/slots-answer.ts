import type { InputRequest } from '../../../machines/job-events.js';
import type { FieldError } from '../../../services/failure.js';

/** The outcome for submitted values. */
export type SlotsAnswer =
  /** The server has accepted them, and the question is closed. */
  | { readonly status: 'accepted' }
  /** Some values were refused: the slot was not asked for, or a 422. `request` asks again and keeps what was typed. */
  | {
      readonly status: 'refused';
      readonly fieldErrors: readonly FieldError[];
      readonly request: InputRequest;
    }
  /** Another question is open now: values are missing, another actor gave a different value, or it is a new question. */
  | { readonly status: 'open'; readonly request: InputRequest }
  /** No question is open: it was answered elsewhere, or the job has ended or was detached. `view()` shows its state. */
  | { readonly status: 'closed' };
