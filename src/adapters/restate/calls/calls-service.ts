import type { OpenCall } from '../../../engine/interpreter/interpreted-job.js';
import type { JobSignal } from '../../../machines/job-events.js';
import type { CallMessage } from '../messages.js';
import { SERVICES } from '../names.js';
import { type Context, createOutbox } from '../sdk/contexts.js';
import type { Sdk } from '../sdk/load-sdk.js';
import type { WorkerCore } from '../worker-core.js';

/** After this time the engine would abort a transfer and repeat it, so it is long: files may be large, and networks slow. */
const LONGEST_MS = 24 * 3_600_000;
const PROGRESS_EVERY_MS = 1_000;

/** Uploads and downloads: each is one call of any duration, answered by a message to the job. */
export function callsService(sdk: Sdk, core: WorkerCore) {
  async function run(
    ctx: Context,
    { jobId, keyId, token, src, input, fields = {} }: CallMessage,
  ): Promise<void> {
    const call: OpenCall = { id: src, token, src, input };
    let reportedAt = Number.NEGATIVE_INFINITY;
    const report = (progress: JobSignal): void => {
      if (performance.now() - reportedAt < PROGRESS_EVERY_MS) return;
      reportedAt = performance.now();
      core.ingress.progress(jobId, { token, signal: progress });
    };
    const stopping = new AbortController();
    const signal = AbortSignal.any([ctx.request().attemptCompletedSignal, stopping.signal]);
    try {
      const reply = await ctx.run(src, () => core.make({ jobId, keyId, call, signal, report, fields }));
      createOutbox(sdk, ctx).send(SERVICES.job, jobId, 'deliver', { type: 'reply', token, reply });
    } finally {
      // Cancelled: the job was detached, so its transfer is useless.
      stopping.abort();
    }
  }

  const { handler } = sdk.handlers;
  const long = { inactivityTimeout: LONGEST_MS, abortTimeout: LONGEST_MS, ingressPrivate: true };
  return sdk.service({ name: SERVICES.calls, handlers: { run: handler(long, run) } });
}
