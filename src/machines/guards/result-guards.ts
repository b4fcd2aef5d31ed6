import type { Download } from '../../services/wire/wire-types.js';
import type { WithContext } from '../branch-params.js';
import { decisionOn } from '../failure/call-decision.js';
import type { JobInput } from '../job-input.js';
import type { Reply } from '../reply.js';

const deliveryIs =
  (delivery: NonNullable<JobInput['delivery']>) =>
  ({ context }: WithContext, reply: Reply<Download>): boolean =>
    reply.ok && (context.input.delivery ?? 'save') === delivery;

/** What decides about the result. */
export const resultGuards = {
  resultIsToBeSaved: deliveryIs('save'),
  resultIsToBeLinked: deliveryIs('link'),
  /** A URL that storage refuses is thrown away. Storage may not know a fresh one yet: the pauses before the next grow, as after any setback. */
  urlWasRefused: ({ context }: WithContext, reply: Reply<unknown>): boolean =>
    !reply.ok && reply.failure.kind === 'gone' && decisionOn(context, 'saving', reply) === 'backOff',
};
