import type { JobView } from '../../../engine/job/source/job-view.js';
import type { JobOutput } from '../../../machines/job-output.js';
import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import { isGoalLaneError } from '../../../services/errors/goal-lane-error.js';
import { START_ONCE } from '../ended.js';
import type { EndedJob, EventsPage, NumberedEvent, NumberedMove } from '../messages.js';
import type { FleetEventsOptions } from './fleet-client.js';
import type { Ingress } from './ingress.js';

export const FIRST_PAUSE_MS = 100;
export const LONGEST_PAUSE_MS = 2_000;
/** For a moment after the last handler of a job, the engine shows neither the running nor the ended job. */
const ENDING_TRIES = 20;

export const STARTING: JobView = {
  state: 'preparing',
  path: 'preparing.starting',
  tags: [],
  files: [],
  retention: {},
};

export const notFound = (id: string): Error =>
  errorFromFailure({
    kind: 'not-found',
    message: `the engine holds no job ${JSON.stringify(id)}`,
    advice: 'Start it; what became of a job is kept for a day after its end.',
    delivery: 'not-sent',
  });

export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    function done(): void {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });

export const isAway = (error: unknown): boolean => isGoalLaneError(error) && error.kind === 'network';

/** What is known of a job at one time: running or ended. */
export interface Seen {
  readonly view: JobView;
  /** Epoch ms; absent where it is not known yet. */
  readonly createdAt?: number | undefined;
  readonly events: readonly NumberedEvent[];
  readonly moves: readonly NumberedMove[];
  /** The number of the newest of them; absent if there is none yet. */
  readonly last?: number | undefined;
  readonly output?: JobOutput;
}

function seenEnd({ view, createdAt, events, moves = [], output }: EndedJob, since: number): Seen {
  const isNew = (seq: number): boolean => seq > since;
  return {
    view,
    createdAt,
    output,
    events: events.filter(({ seq }) => isNew(seq)),
    moves: moves.filter(([seq]) => isNew(seq)),
  };
}

/** Requests the state of a job, and its events since a number. @throws NotFoundError */
export async function look(
  ingress: Ingress,
  id: string,
  since: number,
  signal?: AbortSignal,
  most = ENDING_TRIES,
): Promise<Seen> {
  for (let tries = 0; tries < most; ) {
    const page = await ingress.call<EventsPage>(id, 'events', { since }, signal);
    const { moves = [], view, createdAt, last } = page;
    if (view !== undefined) return { view, createdAt, events: page.events, moves, last };
    const ended = await ingress.ended(id, signal);
    // A job that is ending is there, however long the workers are away that store its end.
    if (ended !== 'ending') {
      if (ended !== undefined) return seenEnd(ended, since);
      if (await ingress.isStarting(id, START_ONCE)) return { view: STARTING, events: [], moves: [] };
      tries += 1;
    }
    await sleep(FIRST_PAUSE_MS, signal);
  }
  throw notFound(id);
}

/**
 * Polls until the job has ended; continues after the engine was unavailable.
 * @param tries how often a job that cannot be found is looked for
 */
export async function* follow(
  ingress: Ingress,
  id: string,
  { since = 0, signal }: FleetEventsOptions,
  tries?: number,
): AsyncGenerator<Seen> {
  let last = since;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const seen = await look(ingress, id, last, signal, tries).catch((error: unknown) => {
      if (isAway(error)) return undefined;
      throw error;
    });
    if (seen !== undefined) {
      yield seen;
      if (seen.output !== undefined) return;
      const newest = seen.events.at(-1)?.seq ?? last;
      pauseMs = newest > last ? FIRST_PAUSE_MS : Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS);
      last = newest;
    }
    await sleep(pauseMs, signal);
  }
}
