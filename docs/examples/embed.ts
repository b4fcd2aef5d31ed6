import { runGoalJob } from 'goal-lane';

const job = runGoalJob({
  workflowId: 'goal_lane.cover_letter',
  files: ['resume.pdf', 'job-description.pdf'],
  outDir: 'results',
});

job.on('progress', ({ status, progress = '', currentStep = '' }) => console.log(status, progress, currentStep));
job.on('inputNeeded', ({ request }) => job.submitSlots({ [request.missing[0] ?? '']: 'professional' }));

const outcome = await job.result(); // completed, failed or detached: result() never rejects
if (outcome.status === 'completed') console.log(outcome.saved?.file, outcome.saved?.sha256);
else console.log(outcome.failure?.message, outcome.failure?.advice);
