import { runGoalJob } from 'goal-lane';

/**
 * The code under test: tailors a résumé, and lets `confirmRoles` confirm what the workflow has found in it.
 * @param {string} file
 * @param {(preview: string) => string} confirmRoles
 * @param {Pick<import('goal-lane').RunGoalJobOptions, 'apiKey' | 'baseUrl' | 'adapter' | 'clock' | 'ports'>} connection
 */
export function tailor(file, confirmRoles, connection) {
  const job = runGoalJob({ ...connection, workflowId: 'goal_lane.resume_tailor', files: [file] });
  job.on('inputNeeded', ({ request }) => {
    const { stepOutputPreview = '' } = request.checkpoint ?? {};
    void job.submitSlots({ confirmed_titles: confirmRoles(stepOutputPreview) });
  });
  return job;
}
