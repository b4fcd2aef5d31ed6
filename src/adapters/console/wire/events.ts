import type { About, JobRow, Limits } from './row.js';

/** An event of the server's stream. Rows are complete, so applying one twice is harmless. */
export type ServerEvent =
  | {
      readonly type: 'reset';
      readonly now: number;
      readonly about: About;
      readonly rows: readonly JobRow[];
      readonly limits?: Limits;
    }
  | { readonly type: 'job'; readonly now: number; readonly row: JobRow }
  | { readonly type: 'gone'; readonly id: string }
  | { readonly type: 'limits'; readonly now: number; readonly limits: Limits }
  | { readonly type: 'warning'; readonly words: string };

/** A header that a page of another origin cannot send without a CORS preflight. */
export const CONSOLE_HEADER = 'x-goal-lane';

/** Identifies a question: if it differs, another question is open. */
export const questionKey = (request: {
  readonly checkpoint?: { readonly checkpointId: string };
  readonly slots: readonly { readonly slotId: string }[];
}): string =>
  JSON.stringify([request.checkpoint?.checkpointId ?? '', ...request.slots.map(({ slotId }) => slotId)]);
