import { createStoredJobs } from '../../src/engine/durable/index.js';
import { openJobStore } from '../../src/engine/store/index.js';
import { currentOwner } from '../../src/engine/store/lease/process-liveness.js';
import { stillPorts } from './still-ports.js';

const files = {
  absolute: String,
  look: async (path: string) => ({ path, bytes: 48_213, mtimeMs: 1 }),
  hash: async () => 'ab'.repeat(32),
};

/** One job is really run until it waits for its turn; the others are copies of its record under names of their own. */
export async function fillStore(path: string, count: number): Promise<void> {
  const store = await openJobStore({ path });
  const owner = currentOwner();
  await new Promise<void>((resolve, reject) => {
    const jobs = createStoredJobs({ store, owner, ports: stillPorts(resolve), files });
    jobs
      .start(
        { workflowId: 'goal_lane.cover_letter', files: ['/home/ada/resume.pdf'], slots: { tone: 'plain' } },
        { id: 'job-0' },
      )
      .catch(reject);
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const original = JSON.stringify(await store.load('job-0'));
  const ids = Array.from({ length: count }, (_, index) => `job-${index}`);
  const answers = await store.acquireLeases(ids, { owner, now: Date.now(), ttlMs: 3_600_000 });
  for (const answer of answers) {
    if (!answer.acquired || answer.lease.jobId === 'job-0') continue;
    const { jobId } = answer.lease;
    const copy = original.replaceAll('job-0', jobId).replaceAll('job_789', `spec_${jobId}`);
    await store.save(JSON.parse(copy), { lease: answer.lease, effect: false });
  }
  // As a crash leaves it: the leases stand, and nothing was closed.
  process.kill(process.pid, 'SIGKILL');
}
