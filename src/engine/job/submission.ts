import { inputRequest, isBlank, type Question, sameValue } from '../../machines/question/question.js';
import { type SlotValues, slotIn } from '../../machines/question/slot-value.js';
import { statePathOf } from '../interpreter/position.js';
import type { JobActor } from './job-actor.js';
import type { SlotsAnswer } from './source/slots-answer.js';

type JobSnapshot = ReturnType<JobActor['getSnapshot']>;

const CLOSED: SlotsAnswer = { status: 'closed' };

/** Lifecycle states in which a question may be open or being answered. */
const ASKING: ReadonlySet<string> = new Set(['pending', 'slot_needed', 'confirming']);

const openQuestion = ({ value, context }: JobSnapshot): Question | undefined =>
  statePathOf(value).step === 'awaitingSlots' ? context.question : undefined;

/** Values that are being sent to the server. */
interface Submission {
  readonly slots: SlotValues;
  readonly checkpointId: string | undefined;
  /** True once the server was seen to have them. */
  readonly isHeld: boolean;
}

/** Whether the server is known to have the values, according to the open or the answered question. */
function holds({ context }: JobSnapshot, { slots, checkpointId }: Submission): boolean {
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

/** The outcome for the values at a snapshot; undefined while unknown. */
function answerAt(snapshot: JobSnapshot, submission: Submission): SlotsAnswer | undefined {
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

/**
 * Sends values for the open question and resolves with their outcome: at once if no slot can take them, otherwise when the server
 * has answered. Never rejects.
 * @param send sends them to the machine
 */
export function submitted(actor: JobActor, slots: SlotValues, send: () => void): Promise<SlotsAnswer> {
  const before = actor.getSnapshot();
  const asked = before.status === 'active' ? openQuestion(before) : undefined;
  if (asked === undefined) return Promise.resolve(CLOSED);
  let submission: Submission = { slots, checkpointId: asked.checkpoint?.checkpointId, isHeld: false };
  const answer = (): SlotsAnswer | undefined => {
    const snapshot = actor.getSnapshot();
    submission = { ...submission, isHeld: submission.isHeld || holds(snapshot, submission) };
    return answerAt(snapshot, submission);
  };
  send();
  return new Promise((resolve) => {
    const first = answer();
    if (first !== undefined) return resolve(first);
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
