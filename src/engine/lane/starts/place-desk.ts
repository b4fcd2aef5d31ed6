import type { Failure } from '../../../services/failure.js';
import type { QueueRank } from '../../store/record/job-record.js';
import {
  type ConfirmGate,
  confirmPassing,
  confirmRefusedAt,
  confirmTaken,
  placeGivenBack,
} from './confirm-gate.js';
import { creationsShutUntil } from './creation-quota.js';
import type { Asking, DeskRequest } from './desk-events.js';
import { crowded, spent } from './desk-failures.js';
import { hasId, type IdSet, withId, withoutId } from './id-set.js';
import {
  type CapacityOptions,
  createRefusedAt,
  createSending,
  hasPlace,
  isPlaceFree,
  type JobCapacity,
  jobArrived,
  jobCapacity,
  placeReleased,
  placeTaken,
} from './job-capacity.js';
import { compareInQueue } from './queue-order.js';
import { findIn, firstOf, inserted, itemsOf, removed, type SortedTree, sizeOf } from './sorted-tree.js';

interface InTurn extends Asking, QueueRank {
  /** Sequence number among all requests to the desk. */
  readonly arrival: number;
  /** Its create is granted with the place. */
  readonly withCreate?: boolean;
}

/** The whole state of the desk. Plain JSON, never changed in place: it may be stored after any request, and continued from there. */
export interface DeskState {
  readonly capacity: JobCapacity;
  /** Requested turns, in order. */
  readonly queue: SortedTree<InTurn>;
  /** The same turns by their call. */
  readonly turns: SortedTree<InTurn>;
  /** Jobs that have a place but are not known to be on the server. */
  readonly onTheirWay: IdSet;
  /** Calls whose create is being sent. */
  readonly sending: IdSet;
  /** Creates that wait for those. */
  readonly creates: SortedTree<Asking & { readonly arrival: number }>;
  readonly gate: ConfirmGate;
  readonly arrivals: number;
}

export interface Grant extends Asking {
  /** What the call may do now. */
  readonly may: 'start' | 'create' | 'confirm';
  /** Its create may be sent, too: reported as ended under the same call. */
  readonly withCreate?: true;
}

export interface DeskAnswer {
  readonly state: DeskState;
  readonly grants: readonly Grant[];
  readonly refusals: readonly (Asking & { readonly failure: Failure })[];
  /** Epoch ms at which the desk needs a tick; `null`: only a request can change anything. */
  readonly alarmAt: number | null;
}

/**
 * One create is sent at a time per this many places: if other processes use places of the key, one create is refused instead of
 * all.
 */
const PLACES_PER_CREATE = 10;

/** By priority, then rank, then arrival. */
const inOrder = (a: InTurn, b: InTurn): number => compareInQueue(a, b) || a.arrival - b.arrival;
export const byCall = (a: Asking, b: Asking): number => (a.call < b.call ? -1 : Number(a.call > b.call));
const byArrival = (a: { readonly arrival: number }, b: { readonly arrival: number }): number =>
  a.arrival - b.arrival;

export const openDesk = (options: CapacityOptions): DeskState => ({
  capacity: jobCapacity(options),
  queue: null,
  turns: null,
  onTheirWay: null,
  sending: null,
  creates: null,
  gate: null,
  arrivals: 0,
});

export const isPlaceHeld = ({ capacity }: DeskState, jobId: string): boolean => hasPlace(capacity, jobId);

/** Whether the server is known to have the job, and its start is complete. */
export const isOnServer = ({ capacity, onTheirWay }: DeskState, jobId: string): boolean =>
  hasId(capacity.onServer, jobId) && !hasId(onTheirWay, jobId);

export const waitingTurns = ({ queue }: DeskState): number => sizeOf(queue);

/** The assumed number of places, and how many are taken. */
export const placesOf = ({ capacity }: DeskState): { readonly limit: number; readonly taken: number } => ({
  limit: capacity.limit,
  taken: sizeOf(capacity.holders),
});

/** The result of one part of the desk's work. */
type Step = Omit<DeskAnswer, 'alarmAt'>;

const quietly = (state: DeskState): Step => ({ state, grants: [], refusals: [] });

function askTurn(
  state: DeskState,
  { call, jobId, priority, order, withCreate }: Extract<DeskRequest, { readonly type: 'turn' }>,
): DeskState {
  const own = { call, jobId, priority, order, arrival: state.arrivals };
  const turn = withCreate === true ? { ...own, withCreate } : own;
  const turns = inserted(state.turns, turn, byCall);
  if (turns === state.turns) return state;
  return { ...state, turns, queue: inserted(state.queue, turn, inOrder), arrivals: state.arrivals + 1 };
}

const outOfTurn = (state: DeskState, turn: InTurn): DeskState => ({
  ...state,
  turns: removed(state.turns, turn, byCall),
  queue: removed(state.queue, turn, inOrder),
});

function leaveTurn(state: DeskState, call: string): DeskState {
  // The comparison uses only the call.
  const turn = findIn(state.turns, { call, jobId: '', priority: 0, order: 0, arrival: 0 }, byCall);
  return turn === undefined ? state : outOfTurn(state, turn);
}

const underWay = (state: DeskState, jobId: string): DeskState => ({
  ...state,
  capacity: placeTaken(state.capacity, jobId),
  onTheirWay: withId(state.onTheirWay, jobId),
});

/** A job that was restored after the queue takes its place here. */
function askCreate(before: DeskState, { call, jobId }: Asking): Step {
  const state = underWay(before, jobId);
  const creates = inserted(state.creates, { call, jobId, arrival: state.arrivals }, byArrival);
  return quietly({ ...state, creates, arrivals: state.arrivals + 1 });
}

const createsAtOnce = ({ limit }: JobCapacity): number => Math.max(1, Math.floor(limit / PLACES_PER_CREATE));

/** Grants creates, as many at once as the places allow; refuses those for which there is certainly no place. */
function letCreate(before: DeskState, now: number): Step {
  let state = before;
  const grants: Grant[] = [];
  const refusals: DeskAnswer['refusals'][number][] = [];
  const width = createsAtOnce(state.capacity);
  for (let next = firstOf(state.creates); next !== undefined; next = firstOf(state.creates)) {
    if (sizeOf(state.sending) >= width) break;
    const { call, jobId } = next;
    const capacity = createSending(state.capacity, now);
    state = { ...state, creates: removed(state.creates, next, byArrival) };
    if (capacity === undefined) refusals.push({ call, jobId, failure: crowded });
    else {
      state = { ...state, capacity, sending: withId(state.sending, call) };
      grants.push({ call, jobId, may: 'create' });
    }
  }
  return { state, grants, refusals };
}

function createOver(state: DeskState, call: string): DeskState {
  if (hasId(state.sending, call)) return { ...state, sending: withoutId(state.sending, call) };
  const waiting = itemsOf(state.creates).find((create) => create.call === call);
  return waiting === undefined ? state : { ...state, creates: removed(state.creates, waiting, byArrival) };
}

function askConfirm(state: DeskState, { call, jobId }: Asking, now: number): Step {
  const gate = confirmPassing(state.gate, now);
  if (gate === undefined) return { ...quietly(state), refusals: [{ call, jobId, failure: crowded }] };
  return { ...quietly({ ...state, gate }), grants: [{ call, jobId, may: 'confirm' }] };
}

function released(state: DeskState, jobId: string): DeskState {
  const hadPlace = hasPlace(state.capacity, jobId);
  return {
    ...state,
    onTheirWay: withoutId(state.onTheirWay, jobId),
    capacity: placeReleased(state.capacity, jobId),
    gate: hadPlace ? placeGivenBack(state.gate) : state.gate,
  };
}

/** Applies the request itself. */
function taken(state: DeskState, request: DeskRequest): Step {
  const { now } = request;
  switch (request.type) {
    case 'turn':
      return quietly(askTurn(state, request));
    case 'leave':
      return quietly(leaveTurn(state, request.call));
    case 'create':
      return askCreate(state, request);
    case 'createEnded':
      return quietly(createOver(state, request.call));
    case 'arrived':
      return quietly({
        ...state,
        capacity: jobArrived(state.capacity, request.jobId, now),
        onTheirWay: withoutId(state.onTheirWay, request.jobId),
      });
    case 'createRefused':
      return quietly({ ...state, capacity: createRefusedAt(state.capacity, now) });
    case 'confirm':
      return askConfirm(state, request, now);
    case 'confirmed':
      return quietly({ ...state, gate: confirmTaken(state.gate) });
    case 'confirmRefused':
      return quietly({ ...state, gate: confirmRefusedAt(state.gate, now) });
    case 'released':
      return quietly(released(state, request.jobId));
    case 'tick':
      return quietly(state);
  }
}

/**
 * Refuses all queued jobs when the creations of the day are used up: they wait in a state of their own, which shows the host
 * until when.
 */
function refusedAll(state: DeskState, until: number, wallOffset: number): Omit<Step, 'grants'> {
  const failure = spent(until, wallOffset);
  const refusals = itemsOf(state.queue).map(({ call, jobId }) => ({ call, jobId, failure }));
  return { state: { ...state, queue: null, turns: null }, refusals };
}

/** Grants a queued job its place and, if it has requested that, its create. */
function started(before: DeskState, turn: InTurn, now: number): { state: DeskState; grant: Grant } {
  const { call, jobId, withCreate = false } = turn;
  const state = underWay(outOfTurn(before, turn), jobId);
  const grant = { call, jobId, may: 'start' } as const;
  const capacity = withCreate ? createSending(state.capacity, now) : undefined;
  if (capacity === undefined) return { state, grant };
  return {
    state: { ...state, capacity, sending: withId(state.sending, call) },
    grant: { ...grant, withCreate: true },
  };
}

/** Grants free places to queued jobs, in order. */
function letStart(before: DeskState, request: DeskRequest): Step {
  const { now, creations, wallOffset = 0 } = request;
  let state = before;
  const grants: Grant[] = [];
  for (let next = firstOf(state.queue); next !== undefined; next = firstOf(state.queue)) {
    const spentUntil = creationsShutUntil(creations, 0, now);
    // Some of the pending creates may fail: queued jobs are refused only if the creations are really used up.
    if (spentUntil !== undefined) return { ...refusedAll(state, spentUntil, wallOffset), grants };
    if (creationsShutUntil(creations, sizeOf(state.onTheirWay), now) !== undefined) break;
    if (!isPlaceFree(state.capacity, now)) break;
    const width = Math.min(createsAtOnce(state.capacity), request.createsAtOnce ?? Number.POSITIVE_INFINITY);
    if (next.withCreate === true && sizeOf(state.sending) >= width) break;
    const one = started(state, next, now);
    state = one.state;
    grants.push(one.grant);
  }
  return { state, grants, refusals: [] };
}

/** The first time at which queued jobs may continue without any other event. */
function alarmOf(state: DeskState, { now, creations }: DeskRequest): number | null {
  if (state.queue === null) return null;
  const promisedUntil = creationsShutUntil(creations, sizeOf(state.onTheirWay), now);
  const times = [state.capacity.askAgainAt ?? now, promisedUntil ?? now].filter((at) => at > now);
  return times.length === 0 ? null : Math.min(...times);
}

/**
 * Lets the jobs of a key start: in order, as many at once as there are places, and no more per day than its creations. A pure
 * function: the owner of the state stores it, keeps the time and answers the calls.
 */
export function placeDesk(before: DeskState, request: DeskRequest): DeskAnswer {
  const first = taken(before, request);
  const creating = letCreate(first.state, request.now);
  const starting = letStart(creating.state, request);
  return {
    state: starting.state,
    grants: [...first.grants, ...creating.grants, ...starting.grants],
    refusals: [...first.refusals, ...creating.refusals, ...starting.refusals],
    alarmAt: alarmOf(starting.state, request),
  };
}
