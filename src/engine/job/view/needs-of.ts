import type { InputRequest } from '../../../machines/job-events.js';
import { inputRequest } from '../../../machines/question/question.js';
import { type Position, statePathOf } from '../../interpreter/position.js';
import type { JobNeeds } from '../source/job-view.js';

const WAYS = ['RETRY', 'ADOPT', 'DETACH'] as const;

/**
 * What a person is asked at a snapshot of the machine, be it a running actor's or a persisted one: a restored machine does not emit
 * `inputNeeded` again. Undefined where nothing is asked.
 */
export function inputRequestOf({ value, context }: Position): InputRequest | undefined {
  const { question } = context;
  return statePathOf(value).step === 'awaitingSlots' && question !== undefined
    ? inputRequest(question)
    : undefined;
}

/** What is wanted of a person at a place. */
export function needsOf(position: Position): JobNeeds {
  const { step } = statePathOf(position.value);
  const { failure } = position.context;
  if (step === 'outcomeUnknown' && failure !== undefined)
    return { needs: 'decision', decision: { failure, ways: WAYS } };
  if (step === 'awaitingConfirm') return { needs: 'confirm' };
  const request = inputRequestOf(position);
  return request === undefined ? {} : { needs: 'slots', request };
}
