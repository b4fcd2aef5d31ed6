import type { SlotsAnswer } from '../../../engine/job/source/slots-answer.js';
import type { SendAnswer, SubmissionAnswer } from '../messages.js';
import type { Ingress } from './ingress.js';
import { FIRST_PAUSE_MS, isAway, LONGEST_PAUSE_MS, sleep } from './seen-job.js';

/** The outcome of submitted values: polled until the server has answered, across limits, retries and unavailable engines. */
export async function slotsAnswer(ingress: Ingress, id: string, sent: SendAnswer): Promise<SlotsAnswer> {
  let known: Partial<SubmissionAnswer> = sent;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const { answer, submission } = known;
    if (answer !== undefined) return answer;
    if (submission === undefined) return { status: 'closed' };
    await sleep(pauseMs);
    known = await ingress.call<SubmissionAnswer>(id, 'submission', submission).catch((error: unknown) => {
      if (isAway(error)) return { submission };
      throw error;
    });
  }
}
