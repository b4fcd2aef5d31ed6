import { inputRequest, isBlank, type Question, sameValue } from '../../machines/question/question.js';
import { type SlotValues, slotIn } from '../../machines/question/slot-value.js';
import { statePathOf } from '../interpreter/position.js';
import type { JobActor } from './job-actor.js';
import type { SlotsAnswer } from './source/slots-answer.js';

type JobSnapshot = ReturnType<JobActor['getSnapshot']>;

const CLOSED: SlotsAnswer = { status: 'closed' };

/** Lifecycle states in which a question may be open or on its way. */
const ASKING: ReadonlySet<string> = new Set(['pending', 'slot_needed', 'confirming']);

const openQuestion = ({ value, context }: JobSnapshot): Question | undefined =>
  statePathOf(value).step === 'awaitingSlots' ? context.question : undefined;

/** Values on their way to the server. */
interface Submission {
  readonly slots: SlotValues;
  readonly checkpointId: string | undefined;
  /** The server was seen to hold them. */
  readonly isHeld: boolean;
}

/** Whether the server is known to hold the values: as the open question, or the answered one, says. */
function holds({ context }: JobSnapshot, { slots, checkpointId }: Submission): boolean {
  const question = context.question ?? context.answered?.question;
  if (question === undefined || question.checkpoint?.checkpointId !== checkpointId) return false;
  return Object.entries(slots).every(([slotId, value]) => {
    const held = slotIn(question.held, slotId);
    return sameValue(held, value) || (isBlank(held) && isBlank(value));
  });
}

/** The question is asked again, or another one is. */
function askedAgain(question: Question, { checkpointId, isHeld }: Submission): SlotsAnswer {
  const request = inputRequest(question);
  const isSame = question.checkpoint?.checkpointId === checkpointId;
  if (!isSame) return isHeld ? { status: 'accepted' } : { status: 'open', request };
  const { fieldErrors } = request;
  return fieldErrors.length > 0 ? { status: 'refused', fieldErrors, request } : { status: 'open', request };
}

/** What has become of values at a snapshot; undefined while it is not known. */
function answerAt(snapshot: JobSnapshot, submission: Submission): SlotsAnswer | undefined {
  const { value, context, status } = snapshot;
  const question = openQuestion(snapshot);
  if (question !== undefined && status === 'active') return askedAgain(question, submission);
  const { lifecycle, step } = statePathOf(value);
  // Until its confirm is accepted, the server may still refuse them.
  const isOnItsWay = ASKING.has(lifecycle) && context.question !== undefined && step !== 'awaitingConfirm';
  const isReRead = ASKING.has(lifecycle) && step !== 'awaitingConfirm' && context.answered === undefined;
  if (status === 'active' && (isOnItsWay || isReRead)) return undefined;
  return submission.isHeld ? { status: 'accepted' } : CLOSED;
}

/**
 * Sends values for the question that is open, and resolves with what becomes of them: at once where no slot can take them, else when the
 * server has answered. Never rejects.
 * @param send what sends them to the machine
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
