import type * as Browser from '../../../src/adapters/browser/index.js';
import type { GoalClientOptions } from '../../../src/services/index.js';
import { CONTENT_BYTES, contentOf, fastClock, type Site, type Told } from '../site.js';

const base64 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

/** One job on Blobs: an upload, an answer at the checkpoint, the result. */
export async function blobJob(
  { runBrowserJob }: typeof Browser,
  site: Site,
  by: Pick<GoalClientOptions, 'adapter' | 'fetch'> = {},
): Promise<Told> {
  const asked: string[] = [];
  const sent: number[] = [];
  const { baseUrl, apiKey } = site;
  const job = runBrowserJob({
    client: { baseUrl, apiKey, ...by },
    clock: fastClock(site),
    job: {
      workflowId: 'goal_lane.resume_tailor',
      files: { 'cv.txt': new Blob([contentOf(CONTENT_BYTES)]) },
    },
  });
  job.on('inputNeeded', ({ request }) => {
    asked.push(...request.missing);
    job.submitSlots({ confirmed_titles: 'Lead' });
  });
  job.on('uploadProgress', ({ progress }) => sent.push(progress.sentBytes));
  const output = await job.result();
  const result = (await job.blob())?.blob;
  const reported = { status: output.status, asked, sent };
  if (output.status !== 'completed' || result === undefined) return { ...reported, failure: output };
  const bytes = new Uint8Array(await result.arrayBuffer());
  return { ...reported, sha256: output.saved?.sha256, result: base64(bytes) };
}
