import type { InputRequest } from '../../../machines/job-events.js';
import { inputRequest } from '../../../machines/question/question.js';
import { type Position, statePathOf } from '../../interpreter/position.js';
import type { JobNeeds } from '../source/job-view.js';

const WAYS = ['RETRY', 'ADOPT', 'DETACH'] as const;

/**
 * The question to a person at a snapshot, of a running actor or persisted: a restored machine does not emit `inputNeeded` again.
 * Undefined if there is none.
 */
export function inputRequestOf({ value, context }: Position): InputRequest | undefined {
  const { question } = context;
  return statePathOf(value).step === 'awaitingSlots' && question !== undefined
    ? inputRequest(question)
    : undefined;
}

/** What the job needs from a person at a position. */
export function needsOf(position: Position): JobNeeds {
  const { step } = statePathOf(position.value);
  const { failure } = position.context;
  if (step === 'outcomeUnknown' && failure !== undefined)
    return { needs: 'decision', decision: { failure, ways: WAYS } };
  if (step === 'awaitingConfirm') return { needs: 'confirm' };
  const request = inputRequestOf(position);
  return request === undefined ? {} : { needs: 'slots', request };
}
