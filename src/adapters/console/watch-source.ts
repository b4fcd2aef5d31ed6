import { isGoalLaneError } from '../../services/errors/goal-lane-error.js';
import type { ServerContext } from './server/server-context.js';

/** The time between two checks of the limits and of other processes. */
const LOOK_MS = 1_000;
/** The death of a process that drove a job is not reported, so check for it. */
const UNREPORTED_MS = 3_000;
const SWEEP_MS = 600_000;

const BROKEN = 'The store of goal-lane cannot be read: a crash now would lose recent changes.';
const AWAY = 'The durable engine cannot be reached. Its jobs are safe, and continue when it is back.';

/** Jobs whose files may still be read, because the files are not on the server yet. */
const uploadsInUse = ({ rows }: ServerContext): ReadonlySet<string> =>
  new Set(
    rows
      .all()
      .filter(({ view }) => view.jobSpecId === undefined && view.state !== 'failed')
      .flatMap(({ uploads = [] }) => uploads.map(({ id }) => id)),
  );

/** Sends the limits if they have changed. */
function limitsSender({ source, stream, now }: ServerContext): () => void {
  let sent = '';
  return () => {
    const limits = source.budget?.();
    const text = JSON.stringify(limits);
    if (limits !== undefined && text !== sent) stream.send({ type: 'limits', now: now(), limits });
    sent = text;
  };
}

/** Reads the store if it has changed, or may have changed without a report. */
function storeReader({ source, rows }: ServerContext) {
  const pause = source.onStoreChange === undefined ? LOOK_MS : UNREPORTED_MS;
  let isDue = true;
  let readAt = Number.NEGATIVE_INFINITY;
  const stop = source.onStoreChange?.(() => {
    isDue = true;
  });
  return {
    stop: () => stop?.(),
    /** Returns whether it was read. */
    async read(): Promise<boolean> {
      if (!isDue && performance.now() - readAt < pause) return false;
      isDue = false;
      readAt = performance.now();
      await rows.readStore();
      return true;
    },
  };
}

/** Reports limits and the jobs of other processes while a client is connected. Returns a function that stops it. */
export function watchSource(context: ServerContext): () => void {
  const { stream, spool } = context;
  const sendLimits = limitsSender(context);
  const store = storeReader(context);
  let warned = '';
  let isBusy = false;
  const look = async (): Promise<void> => {
    if (isBusy || stream.readers() === 0) return;
    isBusy = true;
    try {
      sendLimits();
      if (await store.read()) warned = '';
    } catch (error) {
      const words = isGoalLaneError(error) && error.kind === 'network' ? AWAY : BROKEN;
      if (words !== warned) stream.send({ type: 'warning', words });
      warned = words;
    } finally {
      isBusy = false;
    }
  };
  const looking = setInterval(() => void look(), LOOK_MS);
  const sweeping = setInterval(
    () => void spool.sweep(uploadsInUse(context)).catch(() => undefined),
    SWEEP_MS,
  );
  return () => {
    store.stop();
    clearInterval(looking);
    clearInterval(sweeping);
  };
}
