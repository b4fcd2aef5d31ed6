import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGoalJob } from '../../../src/index.js';
import { CONTENT_BYTES, contentOf, fastClock, type Site, type Told } from '../site.js';

/** One job from a file on disk to a file on disk. */
export async function runJob(site: Site): Promise<Told> {
  const dir = await mkdtemp(join(tmpdir(), 'goal-lane-runtime-'));
  try {
    const file = join(dir, 'cv.txt');
    await writeFile(file, contentOf(CONTENT_BYTES));
    const asked: string[] = [];
    const sent: number[] = [];
    const { baseUrl, apiKey } = site;
    const job = runGoalJob({
      ...{ baseUrl, apiKey, clock: fastClock(site), outDir: join(dir, 'results') },
      ...{ workflowId: 'goal_lane.resume_tailor', files: [file] },
    });
    job.on('inputNeeded', ({ request }) => {
      asked.push(...request.missing);
      job.submitSlots({ confirmed_titles: 'Lead' });
    });
    job.on('uploadProgress', ({ progress }) => sent.push(progress.sentBytes));
    const output = await job.result();
    const reported = { status: output.status, asked, sent };
    if (output.status !== 'completed' || output.saved === undefined) return { ...reported, failure: output };
    const result = await readFile(output.saved.file);
    return { ...reported, sha256: output.saved.sha256, result: result.toString('base64') };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
