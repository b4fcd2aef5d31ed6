import { checkCommand } from '../../../engine/job/check-command.js';
import type { JobView } from '../../../engine/job/source/job-view.js';
import type { SlotsAnswer } from '../../../engine/job/source/slots-answer.js';
import type { JobCommand } from '../../../machines/job-events.js';
import type { JobOutput } from '../../../machines/job-output.js';
import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import { isGoalLaneError } from '../../../services/errors/goal-lane-error.js';
import { checkOptions } from '../check-values.js';
import { START_ONCE } from '../ended.js';
import type {
  EndedJob,
  EventsPage,
  NumberedEvent,
  NumberedMove,
  SendAnswer,
  SubmissionAnswer,
} from '../messages.js';
import { checkSince } from './check-client-input.js';
import type { FleetEventsOptions, FleetJob, FleetWaitOptions } from './fleet-client.js';
import type { Ingress } from './ingress.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** A view older than this is requested again. */
const FRESH_MS = 1_000;
/** For a moment after the last handler of a job, the engine shows neither the running nor the ended job. */
const ENDING_TRIES = 20;

const STARTING: JobView = {
  state: 'preparing',
  path: 'preparing.starting',
  tags: [],
  files: [],
  retention: {},
};

const notFound = (id: string): Error =>
  errorFromFailure({
    kind: 'not-found',
    message: `the engine holds no job ${JSON.stringify(id)}`,
    advice: 'Start it; what became of a job is kept for a day after its end.',
    delivery: 'not-sent',
  });

const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
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

const isAway = (error: unknown): boolean => isGoalLaneError(error) && error.kind === 'network';

/** What is known of a job at one time: running or ended. */
interface Seen {
  readonly view: JobView;
  readonly events: readonly NumberedEvent[];
  readonly moves: readonly NumberedMove[];
  /** The number of the newest of them; absent if there is none yet. */
  readonly last?: number | undefined;
  readonly output?: JobOutput;
}

function seenEnd({ view, events, moves = [], output }: EndedJob, since: number): Seen {
  const isNew = (seq: number): boolean => seq > since;
  return {
    view,
    output,
    events: events.filter(({ seq }) => isNew(seq)),
    moves: moves.filter(([seq]) => isNew(seq)),
  };
}

/** Requests the state of a job, and its events since a number. @throws NotFoundError */
export async function look(ingress: Ingress, id: string, since: number, signal?: AbortSignal): Promise<Seen> {
  for (let tries = 0; tries < ENDING_TRIES; ) {
    const page = await ingress.call<EventsPage>(id, 'events', { since }, signal);
    const { moves = [], view, last } = page;
    if (view !== undefined) return { view, events: page.events, moves, last };
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

/** Polls until the job has ended; continues after the engine was unavailable. */
async function* follow(
  ingress: Ingress,
  id: string,
  { since = 0, signal }: FleetEventsOptions,
): AsyncGenerator<Seen> {
  let last = since;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const seen = await look(ingress, id, last, signal).catch((error: unknown) => {
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

const isAborted = (signal: AbortSignal | undefined, error: unknown): boolean =>
  signal?.aborted === true && error === signal.reason;

/** The outcome of submitted values: polled until the server has answered, across limits, retries and unavailable engines. */
async function slotsAnswer(ingress: Ingress, id: string, sent: SendAnswer): Promise<SlotsAnswer> {
  let known: Partial<SubmissionAnswer> = sent;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const { answer, submission } = known;
    if (answer !== undefined) return answer;
    if (submission === undefined) return { status: 'closed' };
    await sleep(pauseMs);
    known = await ingress.call<SubmissionAnswer>(id, 'submission', submission).catch((error: unknown) => {
      if (isAway(error)) return { submission };
      throw error;
    });
  }
}

/** A job on the engine, for any process. @param onChange called after every change of the view */
export function createFleetJob(ingress: Ingress, id: string, onChange = (): void => undefined): FleetJob {
  const listeners = new Set<(view: JobView) => void>();
  let view = STARTING;
  let askedAt = Number.NEGATIVE_INFINITY;
  let watching: AbortController | undefined;
  /** What a host can have seen of the job: what it decides then is about no later state. */
  let last: number | undefined;

  function show(next: JobView, upTo?: number): JobView {
    if (upTo !== undefined) last = Math.max(upTo, last ?? 0);
    if (JSON.stringify(next) === JSON.stringify(view)) return view;
    view = next;
    for (const listener of listeners) listener(next);
    onChange();
    return view;
  }

  async function refresh(): Promise<JobView> {
    askedAt = performance.now();
    const seen = await look(ingress, id, Number.MAX_SAFE_INTEGER);
    return show(seen.view, seen.last);
  }

  async function watch(signal: AbortSignal): Promise<void> {
    for await (const seen of follow(ingress, id, { signal })) show(seen.view, seen.last);
  }

  async function send(given: JobCommand): Promise<SendAnswer> {
    const answer = await ingress.call<SendAnswer>(id, 'send', { command: checkCommand(given), seen: last });
    // Rejects if there is no such job; one that has ended takes no notice.
    if (answer.view === undefined) await refresh();
    else show(answer.view, answer.last);
    return answer;
  }

  async function result({ signal }: FleetWaitOptions = {}): Promise<JobOutput> {
    for await (const seen of follow(ingress, id, signal === undefined ? {} : { signal })) {
      show(seen.view, seen.last);
      if (seen.output !== undefined) return seen.output;
    }
    throw notFound(id);
  }

  return {
    id,
    view() {
      if (performance.now() - askedAt > FRESH_MS) refresh().catch(() => undefined);
      return view;
    },
    refresh,
    subscribe(listener) {
      listeners.add(listener);
      if (watching === undefined) {
        watching = new AbortController();
        watch(watching.signal).catch(() => undefined);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        watching?.abort();
        watching = undefined;
      };
    },
    submitSlots: async (slots) => slotsAnswer(ingress, id, await send({ type: 'SUBMIT_SLOTS', slots })),
    confirm: async () => void (await send({ type: 'CONFIRM' })),
    send: async (command) => void (await send(command)),
    async *events(options = {}) {
      checkOptions(options);
      checkSince(options);
      try {
        for await (const seen of follow(ingress, id, options)) {
          show(seen.view, seen.last);
          yield* seen.events;
        }
      } catch (error) {
        if (!isAborted(options.signal, error)) throw error;
      }
    },
    result,
    async detach() {
      await send({ type: 'DETACH' });
      return result();
    },
  };
}
