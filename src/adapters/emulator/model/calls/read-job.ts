import { apiError, invalidTransition } from '../api-error.js';
import { resultFilename } from '../job-result.js';
import { jobView, statusView, statusWord } from '../job-views.js';
import { signUrl } from '../signed-url.js';
import type { RemoteJob, World } from '../world.js';
import type { AnswerJobCall } from './call.js';

/** GET /jobs/goal/{jobSpecId} ("Error Handling": "Re-fetch current job state"). */
export const readJob: AnswerJobCall = ({ job, now }) => ({ status: 200, body: jobView(job, now) });

/** GET /jobs/goal/{jobSpecId}/status ("Step 6: Poll for Status" and "Step 7: Interactive Checkpoints"). */
export const readStatus: AnswerJobCall = ({ world, job, now }) => ({
  status: 200,
  body: statusView(job, now, world.settings.versionInEveryStatus),
});

/** Whether the result is still kept: 24 h from completion ("Step 8: Download Results"). */
export const isRetained = (world: World, job: RemoteJob, now: number): boolean =>
  job.tweaks.resultGone !== true && now < (job.endedAt ?? now) + world.settings.resultLifeMs;

/** GET /jobs/goal/{jobSpecId}/download ("Step 8: Download Results"). */
export const readDownload: AnswerJobCall = ({ world, job, now }) => {
  if (job.phase !== 'completed') return invalidTransition('downloading', statusWord(job.phase));
  if (!isRetained(world, job, now)) {
    return apiError(410, 'result_expired', 'The result was kept for 24 hours after completion');
  }
  const { storageUrl, urlLifeMs } = world.settings;
  const filename = resultFilename(job);
  const signed = signUrl(world.secret, storageUrl, job.jobSpecId, filename, now, urlLifeMs);
  const body = {
    url: signed.url,
    expiresAt: new Date(signed.expiresAt).toISOString().replace('.000Z', 'Z'),
    filename,
  };
  return { status: 200, body };
};
