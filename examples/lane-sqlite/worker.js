import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createGoalLane, openJobStore } from 'goal-lane';

/**
 * Turns each file of a folder into a job, once: whatever ended this process before, SIGKILL included, the same command continues where it was.
 *   node worker.js INBOX OUTBOX
 */
const [inbox = 'inbox', outbox = 'outbox'] = process.argv.slice(2);

const store = await openJobStore({ path: join(outbox, 'jobs.db') });
// The key is the one in CONVILYN_API_KEY.
const lane = createGoalLane({
  store,
  plan: 'business',
  outDir: (id) => join(outbox, id), // a folder for each job: no result is mistaken for another's
});
lane.on('completed', ({ jobId, saved }) => console.log(`${jobId}: ${saved?.file}`));
lane.on('failed', ({ jobId, failure }) => console.error(`${jobId}: ${failure.message} ${failure.advice}`));
lane.on('outcomeUnknown', ({ jobId }) => console.error(`${jobId}: look whether it was created, then resume`));

await lane.resume(); // what an earlier process left
for (const file of await readdir(inbox)) {
  if ((await store.load(file)) !== undefined) continue;
  lane.start({ id: file, workflowId: 'goal_lane.media_archive', files: [join(inbox, file)] });
}
await lane.close({ drain: true });
await store.close();
