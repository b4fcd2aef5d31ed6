import { apiError, invalidTransition, validationError, versionConflict } from '../api-error.js';
import { missingProblems } from '../check-slots.js';
import { openQuestion, confirmJob as startOrResume } from '../job-lifecycle.js';
import { jobView, statusWord } from '../job-views.js';
import { rememberPast } from '../past.js';
import { isVersion, jsonObject, versionProblem } from '../read-body.js';
import type { AnswerJobCall } from './call.js';
import { isCrowded, tooManyJobs } from './create-job.js';

/**
 * POST /jobs/goal/{jobSpecId}/confirm ("Step 5: Confirm & Start Execution" and "Step 7: Interactive Checkpoints"): 202. Checks
 * the version like a PATCH.
 */
export const confirmJob: AnswerJobCall = (call) => {
  const { world, key, job, request, entry, now } = call;
  const body = jsonObject(request.body);
  if (body === undefined) return apiError(400, 'bad_request', 'The body is not a JSON object');
  const { itemVersion } = body;
  const question = openQuestion(job);
  if (question === undefined) return invalidTransition('confirming', statusWord(job.phase));
  if (!isVersion(itemVersion)) return validationError([versionProblem]);
  if (itemVersion !== job.itemVersion) return versionConflict(job.itemVersion, itemVersion);
  const missing = missingProblems(question.slots, question.values);
  if (missing.length > 0) return validationError(missing);
  const startsNow = world.settings.concurrentFrom === 'confirmed' && !key.running.has(job);
  if (startsNow && isCrowded(call)) return tooManyJobs(key.limits.concurrentJobs);
  key.running.add(job);
  rememberPast(job, now);
  startOrResume(job, now);
  if (world.settings.confirmRaisesVersion) job.itemVersion += 1;
  entry.effect = { type: 'confirmed', itemVersion: job.itemVersion };
  return world.settings.confirmBody ? { status: 202, body: jobView(job, now) } : { status: 202 };
};
