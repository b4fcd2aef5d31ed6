import { type Answer, apiError, invalidTransition, validationError, versionConflict } from '../api-error.js';
import { slotProblem } from '../check-slots.js';
import { openQuestion } from '../job-lifecycle.js';
import { jobView, statusWord } from '../job-views.js';
import { rememberPast } from '../past.js';
import { isVersion, jsonObject, readSlots, versionProblem } from '../read-body.js';
import type { GivenSlot, RemoteJob } from '../world.js';
import type { AnswerJobCall } from './call.js';

/** Stores answers to the open question and increases the item version, or returns their errors. */
export function fillOpenQuestion(
  job: RemoteJob,
  slots: readonly GivenSlot[],
  now: number,
): Answer | undefined {
  const question = openQuestion(job);
  if (question === undefined) return invalidTransition('filling slots', statusWord(job.phase));
  const errors = slots.flatMap(({ slotId, value }) => {
    const slot = question.slots.find((asked) => asked.slotId === slotId);
    const message = slot === undefined ? 'is not a slot that is asked for' : slotProblem(slot, value);
    return message === undefined ? [] : [{ field: `slots.${slotId}`, message }];
  });
  if (errors.length > 0) return validationError(errors);
  rememberPast(job, now);
  for (const { slotId, value } of slots) question.values.set(slotId, value);
  job.itemVersion += 1;
  return undefined;
}

/**
 * PATCH /jobs/goal/{jobSpecId}/slots ("Step 4: Fill Required Slots" and "Step 7: Interactive Checkpoints"). Checks the state
 * first, then the version, then the values.
 */
export const fillSlots: AnswerJobCall = ({ job, request, entry, now }) => {
  const body = jsonObject(request.body);
  if (body === undefined) return apiError(400, 'bad_request', 'The body is not a JSON object');
  const { itemVersion } = body;
  if (openQuestion(job) === undefined) return invalidTransition('filling slots', statusWord(job.phase));
  if (!isVersion(itemVersion)) return validationError([versionProblem]);
  if (itemVersion !== job.itemVersion) return versionConflict(job.itemVersion, itemVersion);
  const { slots, problems } = readSlots(body.slots);
  if (problems.length > 0) return validationError(problems);
  const refused = fillOpenQuestion(job, slots, now);
  if (refused !== undefined) return refused;
  entry.effect = { type: 'patched', from: itemVersion, to: job.itemVersion };
  return { status: 200, body: jobView(job, now) };
};
