import { runBrowserJob } from '../../../../src/adapters/browser/index.js';
import { createBrowserInspector } from '../../../../src/adapters/inspector/index.js';
import type { Clock } from '../../../../src/engine/job/index.js';

const param = (name: string): string => new URLSearchParams(location.search).get(name) ?? '';

/** Time runs faster here and in the emulator alike. */
function fastTime(start: number, speed: number): Clock {
  const now = (): number => start + (Date.now() - start) * speed;
  return {
    now,
    schedule(at, callback) {
      const timer = setTimeout(callback, Math.max(0, at - now()) / speed);
      return () => clearTimeout(timer);
    },
  };
}

/** A job on a Blob against the emulator over HTTP, from another origin; the person at the checkpoint answers at once. */
async function run(): Promise<string> {
  const inspector = createBrowserInspector({ socket: param('socket') });
  const job = runBrowserJob({
    client: { apiKey: param('key'), baseUrl: param('api') },
    job: { workflowId: param('workflow'), files: { 'cv.txt': new Blob([param('content')]) } },
    clock: fastTime(Number(param('start')), Number(param('speed'))),
    inspect: inspector.inspect,
  });
  job.on('inputNeeded', () => job.submitSlots({ confirmed_titles: param('answer') }));
  const output = await job.result();
  const result = await job.blob();
  if (output.status !== 'completed') return JSON.stringify(output);
  return JSON.stringify({ status: output.status, bytes: result?.blob.size, sha256: output.saved?.sha256 });
}

document.getElementById('run')?.addEventListener('click', async () => {
  document.title = await run().catch((error: unknown) => `broken: ${String(error)}`);
});
