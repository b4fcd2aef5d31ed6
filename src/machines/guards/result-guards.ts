import type { Download } from '../../services/wire/wire-types.js';
import type { WithContext } from '../branch-params.js';
import { decisionOn } from '../failure/call-decision.js';
import type { JobInput } from '../job-input.js';
import type { Reply } from '../reply.js';

const deliveryIs =
  (delivery: NonNullable<JobInput['delivery']>) =>
  ({ context }: WithContext, reply: Reply<Download>): boolean =>
    reply.ok && (context.input.delivery ?? 'save') === delivery;

/** Guards for the result. */
export const resultGuards = {
  resultIsToBeSaved: deliveryIs('save'),
  resultIsToBeLinked: deliveryIs('link'),
  /** Storage refused the URL: request a fresh one. Storage may not accept that one at once, so the pauses between attempts grow. */
  urlWasRefused: ({ context }: WithContext, reply: Reply<unknown>): boolean =>
    !reply.ok && reply.failure.kind === 'gone' && decisionOn(context, 'saving', reply) === 'backOff',
};
