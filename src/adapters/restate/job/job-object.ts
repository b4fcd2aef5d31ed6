import { ENDED_MS, STARTED_MS } from '../ended.js';
import type {
  DeliverMessage,
  EndedJob,
  ProgressMessage,
  SendAnswer,
  SendMessage,
  StartMessage,
} from '../messages.js';
import { SERVICES } from '../names.js';
import type { ObjectContext, ObjectSharedContext } from '../sdk/contexts.js';
import type { Sdk } from '../sdk/load-sdk.js';
import type { WorkerCore } from '../worker-core.js';
import type { JobParts } from './hand.js';
import { deliver, progress, send, start, traced } from './job-handlers.js';
import { events, submission, view } from './job-queries.js';

const keep = async (_: ObjectSharedContext, ended: EndedJob): Promise<EndedJob> => ended;

/** One virtual object for each job: the chart's pure steps, and the calls made within them. Handlers never wait for long. */
export function jobObject(sdk: Sdk, core: WorkerCore) {
  const parts: JobParts = { sdk, core };
  /** Steps of the job, one after the other. */
  const steps = {
    start: (ctx: ObjectContext, message: StartMessage): Promise<void> => start(parts, ctx, message),
    send: (ctx: ObjectContext, message: SendMessage): Promise<SendAnswer> => send(parts, ctx, message),
    progress: (ctx: ObjectContext, message: ProgressMessage): Promise<void> => progress(parts, ctx, message),
    deliver: (ctx: ObjectContext, message: DeliverMessage): Promise<void> => deliver(parts, ctx, message),
  };
  const { exclusive, shared } = sdk.handlers.object;
  const within = { ingressPrivate: true };
  const kept = { ...within, idempotencyRetention: ENDED_MS };
  // The engine assigns each client request its own idempotency key, and would keep its answer for a day.
  const forgotten = { idempotencyRetention: 1 };
  return sdk.object({
    name: SERVICES.job,
    handlers: {
      start: exclusive({ idempotencyRetention: STARTED_MS }, steps.start),
      send: exclusive(forgotten, steps.send),
      progress: exclusive(forgotten, steps.progress),
      traced: exclusive(forgotten, traced),
      deliver: exclusive(within, steps.deliver),
      view: shared(forgotten, view),
      submission: shared(forgotten, submission),
      events: shared(forgotten, events),
      completed: shared(kept, keep),
      failed: shared(kept, keep),
      detached: shared(kept, keep),
    },
  });
}
