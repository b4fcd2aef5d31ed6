import type { JobContext } from '../../machines/job-context.js';
import { inputRequest, isBlank, type Question, sameValue } from '../../machines/question/question.js';
import { type SlotValues, slotIn } from '../../machines/question/slot-value.js';
import { type Position, statePathOf } from '../interpreter/position.js';
import type { JobActor } from './job-actor.js';
import type { SlotsAnswer } from './source/slots-answer.js';

/** The position of a job, in this process or in a durable engine. */
export interface JobStanding {
  readonly status: string;
  readonly value: Position['value'];
  readonly context: JobContext;
}

const CLOSED: SlotsAnswer = { status: 'closed' };

/** Lifecycle states in which a question may be open or being answered. */
const ASKING: ReadonlySet<string> = new Set(['pending', 'slot_needed', 'confirming']);

const openQuestion = ({ value, context }: JobStanding): Question | undefined =>
  statePathOf(value).step === 'awaitingSlots' ? context.question : undefined;

/** Values that are being sent to the server. Plain JSON. */
export interface Submission {
  readonly slots: SlotValues;
  readonly checkpointId: string | undefined;
  /** True once the server was seen to have them. */
  readonly isHeld: boolean;
}

/** Whether the server is known to have the values, according to the open or the answered question. */
function holds({ context }: JobStanding, { slots, checkpointId }: Submission): boolean {
  const question = context.question ?? context.answered?.question;
  if (question === undefined || question.checkpoint?.checkpointId !== checkpointId) return false;
  return Object.entries(slots).every(([slotId, value]) => {
    const held = slotIn(question.held, slotId);
    return sameValue(held, value) || (isBlank(held) && isBlank(value));
  });
}

/** The same or another question is open. */
function askedAgain(question: Question, { checkpointId, isHeld }: Submission): SlotsAnswer {
  const request = inputRequest(question);
  const isSame = question.checkpoint?.checkpointId === checkpointId;
  if (!isSame) return isHeld ? { status: 'accepted' } : { status: 'open', request };
  const { fieldErrors } = request;
  return fieldErrors.length > 0 ? { status: 'refused', fieldErrors, request } : { status: 'open', request };
}

/** The outcome for the values at a standing; undefined while unknown. */
function answerAt(snapshot: JobStanding, submission: Submission): SlotsAnswer | undefined {
  const { value, context, status } = snapshot;
  const question = openQuestion(snapshot);
  if (question !== undefined && status === 'active') return askedAgain(question, submission);
  const { lifecycle, step } = statePathOf(value);
  // Until the confirm is accepted, the server may still refuse them.
  const isOnItsWay = ASKING.has(lifecycle) && context.question !== undefined && step !== 'awaitingConfirm';
  const isReRead = ASKING.has(lifecycle) && step !== 'awaitingConfirm' && context.answered === undefined;
  if (status === 'active' && (isOnItsWay || isReRead)) return undefined;
  return submission.isHeld ? { status: 'accepted' } : CLOSED;
}

/** Creates a submission of values to a job at this position; undefined if no slot can take them. */
export function openSubmission(standing: JobStanding, slots: SlotValues): Submission | undefined {
  const asked = standing.status === 'active' ? openQuestion(standing) : undefined;
  return asked && { slots, checkpointId: asked.checkpoint?.checkpointId, isHeld: false };
}

/** Updates a submission by the new position of the job; `answer` is undefined while the outcome is unknown. */
export function followSubmission(
  standing: JobStanding,
  before: Submission,
): { readonly submission: Submission; readonly answer: SlotsAnswer | undefined } {
  const submission = { ...before, isHeld: before.isHeld || holds(standing, before) };
  return { submission, answer: answerAt(standing, submission) };
}

/**
 * Sends values for the open question and resolves with their outcome: at once if no slot can take them, otherwise when the server
 * has answered. Never rejects.
 * @param send sends them to the machine
 */
export function submitted(actor: JobActor, slots: SlotValues, send: () => void): Promise<SlotsAnswer> {
  const first = openSubmission(actor.getSnapshot(), slots);
  if (first === undefined) return Promise.resolve(CLOSED);
  let submission = first;
  const answer = (): SlotsAnswer | undefined => {
    const found = followSubmission(actor.getSnapshot(), submission);
    submission = found.submission;
    return found.answer;
  };
  send();
  return new Promise((resolve) => {
    const known = answer();
    if (known !== undefined) return resolve(known);
    const finish = (): void => {
      subscription.unsubscribe();
      resolve(answer() ?? CLOSED);
    };
    const subscription = actor.subscribe({
      next() {
        if (answer() !== undefined) finish();
      },
      complete: finish,
      error: finish,
    });
  });
}
