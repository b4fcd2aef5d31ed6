import { defined } from '../../../services/defined.js';
import type { EndpointBudget } from '../../../services/limits/rate-budget.js';

/** What a reply to a create has told of the creations of the day, in spans from when it was told: the clocks of two machines differ. */
export interface ToldCreations {
  readonly limit?: number;
  readonly remaining?: number;
  /** Until the reset, in ms. */
  readonly resetInMs?: number;
  /** For so many ms nothing may be sent; 0: no limit is shut. */
  readonly shutForMs: number;
}

/** @param budget with its times by the clock of `now` */
export function toldCreations(budget: EndpointBudget, now: number): ToldCreations {
  const { limit, remaining, resetAt, shutUntil = now } = budget;
  const resetInMs = resetAt === undefined ? undefined : Math.max(resetAt - now, 0);
  return { ...defined({ limit, remaining, resetInMs }), shutForMs: Math.max(shutUntil - now, 0) };
}

/** What is known of the creations of a key, whoever was told. Plain JSON. */
export interface KnownCreations {
  readonly told: ToldCreations;
  /** When that was, by the clock of the machine that was told (epoch ms): it may be wrong, and set at any time. */
  readonly at: number;
  /** They are spent: only time that the engine has measured opens them again. */
  readonly shut?: {
    /** Names the messages that measure it: those of an earlier one are of no use. */
    readonly round: number;
    /** At most this is left, in ms. */
    readonly leftMs: number;
  };
}

/** So often the engine tells that time has passed: what a wrong clock says of the rest is wrong by no more. */
const HOP_MS = 5 * 60_000;

export const nextHopMs = ({ shut }: KnownCreations): number => Math.min(shut?.leftMs ?? 0, HOP_MS);

/** What is known once something more was told. */
export function withTold(
  before: KnownCreations | undefined,
  told: ToldCreations,
  now: number,
): KnownCreations {
  const { shut } = before ?? {};
  if (told.shutForMs > 0)
    return { told, at: now, shut: { round: (shut?.round ?? 0) + 1, leftMs: told.shutForMs } };
  // What was sent before the limit shut says nothing of whether it is open again.
  return before !== undefined && shut !== undefined ? before : { told, at: now };
}

/** The engine has measured one hop; undefined: nothing is known any more, for the limit is open again. */
export function afterHop(before: KnownCreations): KnownCreations | undefined {
  const { shut } = before;
  if (shut === undefined) return before;
  const leftMs = shut.leftMs - nextHopMs(before);
  return leftMs > 0 ? { ...before, shut: { ...shut, leftMs } } : undefined;
}

/**
 * As the lane's desk wants to know it, by the clock of `now`; undefined: nothing is known. Law 3, never early: while the creations are spent,
 * no clock opens them, and what a clock says of how long it lasts is believed within one hop.
 */
export function creationsAt(known: KnownCreations | undefined, now: number): EndpointBudget | undefined {
  if (known === undefined) return undefined;
  const { told, at, shut } = known;
  const { limit, remaining, resetInMs } = told;
  const passedMs = Math.max(now - at, 0);
  if (shut !== undefined) {
    const left = Math.min(Math.max(told.shutForMs - passedMs, shut.leftMs - HOP_MS, 1), shut.leftMs);
    return { ...defined({ limit, remaining }), resetAt: now + left, shutUntil: now + left };
  }
  if (resetInMs === undefined) return defined({ limit, remaining });
  return passedMs >= resetInMs
    ? undefined
    : { ...defined({ limit, remaining }), resetAt: now + resetInMs - passedMs };
}
