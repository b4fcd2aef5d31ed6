import { creationsShutUntil } from '../../../engine/lane/starts/creation-quota.js';
import type { DeskEvent } from '../../../engine/lane/starts/desk-events.js';
import { spent } from '../../../engine/lane/starts/desk-failures.js';
import type { CapacityOptions } from '../../../engine/lane/starts/job-capacity.js';
import { deskFrom, type KeptDesk, keptDesk } from '../../../engine/lane/starts/kept-desk.js';
import {
  type DeskAnswer,
  type DeskState,
  openDesk,
  placeDesk,
  placesOf,
  waitingTurns,
} from '../../../engine/lane/starts/place-desk.js';
import { itemsOf, sizeOf } from '../../../engine/lane/starts/sorted-tree.js';
import { jobOfCall } from '../names.js';
import {
  afterHop,
  creationsAt,
  type KnownCreations,
  nextHopMs,
  type ReportedCreations,
  withReported,
} from './reported-creations.js';

/** The lane's desk for the jobs of a key on all machines, and what is known of the creations of the day. */
export interface KeyDesk {
  readonly desk: DeskState;
  readonly creations?: KnownCreations | undefined;
  /** True if a create was answered since the limit was last unknown. */
  readonly isKnown: boolean;
  /** Requests that wait until more is known of the creations, oldest first. */
  readonly held: readonly Extract<DeskEvent, { readonly type: 'create' }>[];
  /** Epoch ms of the alarm that was requested from the engine. */
  readonly alarmAt?: number | undefined;
}

/** The stored form. Plain JSON. */
export type StoredDesk = Omit<KeyDesk, 'desk'> & { readonly desk: KeptDesk };

export const openKeyDesk = (options: CapacityOptions): KeyDesk => ({
  desk: openDesk(options),
  isKnown: false,
  held: [],
});

export const decodeDesk = ({ desk, ...rest }: StoredDesk): KeyDesk => ({ ...rest, desk: deskFrom(desk) });
export const encodeDesk = ({ desk, ...rest }: KeyDesk): StoredDesk => ({ ...rest, desk: keptDesk(desk) });

/** No job waits or has a place, and nothing was learned. */
export const isUnused = ({ desk, creations, held, alarmAt }: KeyDesk): boolean =>
  placesOf(desk).taken === 0 &&
  waitingTurns(desk) === 0 &&
  held.length === 0 &&
  desk.capacity.refusals === 0 &&
  creations === undefined &&
  alarmAt === undefined;

/** A duration that the engine measures, because the clocks of workers may be wrong. */
export interface Hop {
  /** Identifies the closing of the limit that it belongs to; hops of an earlier one are ignored. */
  readonly round: number;
  readonly ms: number;
}

const hopOf = (known: KnownCreations | undefined): Hop | undefined =>
  known?.shut && { round: known.shut.round, ms: nextHopMs(known) };

/** What the reply to a create said. */
export interface CreateNews {
  readonly creations?: ReportedCreations | undefined;
  /** The server has answered: what its reply says about the creations is all that is known. */
  readonly isCreateKnown?: boolean | undefined;
}

export function informedDesk(
  before: KeyDesk,
  { creations, isCreateKnown }: CreateNews,
  now: number,
): { readonly desk: KeyDesk; readonly hop?: Hop | undefined } {
  const desk = { ...before, isKnown: before.isKnown || isCreateKnown === true };
  if (creations === undefined) return { desk };
  const next = withReported(before.creations, creations, now);
  const isNew = next.shut?.round !== before.creations?.shut?.round;
  return { desk: { ...desk, creations: next }, hop: isNew ? hopOf(next) : undefined };
}

/** The desk after the engine has measured a hop; undefined if the hop is stale. */
export function hoppedDesk(
  before: KeyDesk,
  round: number,
): { readonly desk: KeyDesk; readonly hop: Hop | undefined } | undefined {
  const { creations, ...rest } = before;
  if (creations?.shut?.round !== round) return undefined;
  const left = afterHop(creations);
  return {
    desk: left === undefined ? { ...rest, isKnown: false } : { ...before, creations: left },
    hop: hopOf(left),
  };
}

export type DeskOutcome = Omit<DeskAnswer, 'state'> & { readonly state: KeyDesk };

/** Drops knowledge whose time window has ended. */
function current(desk: KeyDesk, now: number): KeyDesk {
  const { creations, ...rest } = desk;
  const isOver = creations !== undefined && creationsAt(creations, now) === undefined;
  return isOver ? { ...rest, isKnown: false } : desk;
}

/**
 * Law 3, never early, across processes: while nothing is known of the creations, the next create waits for the reply to the one
 * in flight, because no process knows the limit before that.
 */
const mustWait = ({ desk, isKnown }: KeyDesk): boolean => !isKnown && sizeOf(desk.sending) > 0;

/** Creates need no permission if the server has reported that there is no daily limit. */
export const areCreatesFree = ({ isKnown, creations }: KeyDesk): boolean =>
  isKnown && creations === undefined;

/** A create that is no longer requested does not wait any more. */
const stillHeld = (held: KeyDesk['held'], event: DeskEvent): KeyDesk['held'] =>
  event.type === 'createEnded' ? held.filter(({ call }) => call !== event.call) : held;

function one(before: KeyDesk, event: DeskEvent, now: number): DeskOutcome {
  const quiet = { grants: [], refusals: [], alarmAt: null };
  const creations = creationsAt(before.creations, now);
  if (event.type === 'create') {
    if (mustWait(before)) return { ...quiet, state: { ...before, held: [...before.held, event] } };
    // Creates in flight may use up what remains.
    const until = creationsShutUntil(creations, sizeOf(before.desk.sending), now);
    const { call, jobId } = event;
    if (until !== undefined)
      return { ...quiet, state: before, refusals: [{ call, jobId, failure: spent(until, 0) }] };
  }
  // Otherwise creates would leave with a place while nothing is known of their limit.
  const createsAtOnce = before.isKnown ? undefined : 1;
  const { state, ...answer } = placeDesk(before.desk, { ...event, now, creations, createsAtOnce });
  return { ...answer, state: { ...before, desk: state, held: stillHeld(before.held, event) } };
}

/**
 * Where a job is on the server or has left, the creates that were granted to it are over, though a worker of another release may not
 * know that it has to report their end.
 */
function withEnds({ desk }: KeyDesk, event: DeskEvent): readonly DeskEvent[] {
  if (event.type !== 'arrived' && event.type !== 'released') return [event];
  const over = itemsOf(desk.sending).filter((call) => jobOfCall(call) === event.jobId);
  return [...over.map((call): DeskEvent => ({ type: 'createEnded', call })), event];
}

/** Applies events at the desk in order; afterwards the requests that waited ask again. */
export function atDesk(given: KeyDesk, events: readonly DeskEvent[], now: number): DeskOutcome {
  let state = current(given, now);
  const grants: DeskAnswer['grants'][number][] = [];
  const refusals: DeskAnswer['refusals'][number][] = [];
  let alarmAt: number | null = null;
  const run = (event: DeskEvent): void => {
    const outcome = one(state, event, now);
    state = outcome.state;
    grants.push(...outcome.grants);
    refusals.push(...outcome.refusals);
    alarmAt = outcome.alarmAt;
  };
  for (const event of events) for (const one of withEnds(state, event)) run(one);
  const { held } = state;
  state = { ...state, held: [] };
  for (const event of held) run(event);
  if (held.length === 0 && events.length === 0) run({ type: 'tick' });
  return { state, grants, refusals, alarmAt };
}
