import type { OpenCall } from '../../../engine/interpreter/interpreted-job.js';
import type { JobSignal } from '../../../machines/job-events.js';
import type { CallMessage } from '../messages.js';
import { SERVICES } from '../names.js';
import { type Context, createOutbox } from '../sdk/contexts.js';
import type { Sdk } from '../sdk/load-sdk.js';
import type { WorkerCore } from '../worker-core.js';

/** Beyond this the engine would throw a transfer away and begin it again: files may be large, and networks slow. */
const LONGEST_MS = 24 * 3_600_000;
const PROGRESS_EVERY_MS = 1_000;

/** Uploads and downloads: one call each, however long it takes, answered by a message to the job. */
export function callsService(sdk: Sdk, core: WorkerCore) {
  async function run(
    ctx: Context,
    { jobId, keyId, token, src, input, fields = {} }: CallMessage,
  ): Promise<void> {
    const call: OpenCall = { id: src, token, src, input };
    let toldAt = Number.NEGATIVE_INFINITY;
    const tell = (news: JobSignal): void => {
      if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = performance.now();
      core.ingress.progress(jobId, { token, signal: news });
    };
    const stopping = new AbortController();
    const signal = AbortSignal.any([ctx.request().attemptCompletedSignal, stopping.signal]);
    try {
      const reply = await ctx.run(src, () => core.make({ jobId, keyId, call, signal, tell, fields }));
      createOutbox(sdk, ctx).send(SERVICES.job, jobId, 'deliver', { type: 'reply', token, reply });
    } finally {
      // Cancelled: the job was let go, and what is under way is of no use.
      stopping.abort();
    }
  }

  const { handler } = sdk.handlers;
  const long = { inactivityTimeout: LONGEST_MS, abortTimeout: LONGEST_MS, ingressPrivate: true };
  return sdk.service({ name: SERVICES.calls, handlers: { run: handler(long, run) } });
}
