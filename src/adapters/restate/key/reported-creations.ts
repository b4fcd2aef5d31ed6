import { defined } from '../../../services/defined.js';
import type { EndpointBudget } from '../../../services/limits/rate-budget.js';

/**
 * What the reply to a create says about the creations of the day, in durations since that reply, because the clocks of two
 * machines differ.
 */
export interface ReportedCreations {
  readonly limit?: number;
  readonly remaining?: number;
  /** Time until the reset, in ms. */
  readonly resetInMs?: number;
  /** Time in ms during which nothing may be sent; 0 if no limit is closed. */
  readonly shutForMs: number;
}

/** @param budget with its times by the clock of `now` */
export function reportedCreations(budget: EndpointBudget, now: number): ReportedCreations {
  const { limit, remaining, resetAt, shutUntil = now } = budget;
  const resetInMs = resetAt === undefined ? undefined : Math.max(resetAt - now, 0);
  return { ...defined({ limit, remaining, resetInMs }), shutForMs: Math.max(shutUntil - now, 0) };
}

/** What is known of the creations of a key, from any process. Plain JSON. */
export interface KnownCreations {
  readonly reported: ReportedCreations;
  /** Epoch ms of the reply, by the clock of the machine that received it, which may be wrong and may be set at any time. */
  readonly at: number;
  /** They are used up: only time that the engine has measured opens them again. */
  readonly shut?: {
    /** Identifies the messages that measure it; those of an earlier round are ignored. */
    readonly round: number;
    /** The longest remaining time, in ms. */
    readonly leftMs: number;
  };
}

/** The engine reports this often that time has passed; this bounds the error from a wrong clock. */
const HOP_MS = 5 * 60_000;

export const nextHopMs = ({ shut }: KnownCreations): number => Math.min(shut?.leftMs ?? 0, HOP_MS);

/** Adds what a new reply says. */
export function withReported(
  before: KnownCreations | undefined,
  reported: ReportedCreations,
  now: number,
): KnownCreations {
  const { shut } = before ?? {};
  if (reported.shutForMs > 0)
    return { reported, at: now, shut: { round: (shut?.round ?? 0) + 1, leftMs: reported.shutForMs } };
  // A reply without a closed limit may be older than the closing, so it does not open the limit again.
  return before !== undefined && shut !== undefined ? before : { reported, at: now };
}

/** Subtracts one measured hop; undefined if the limit is open again, so nothing is known. */
export function afterHop(before: KnownCreations): KnownCreations | undefined {
  const { shut } = before;
  if (shut === undefined) return before;
  const leftMs = shut.leftMs - nextHopMs(before);
  return leftMs > 0 ? { ...before, shut: { ...shut, leftMs } } : undefined;
}

/**
 * Converts to a budget for the lane's desk, by the clock of `now`; undefined if nothing is known. Law 3, never early: while the
 * creations are used up, no clock opens them; clocks only count within one hop.
 */
export function creationsAt(known: KnownCreations | undefined, now: number): EndpointBudget | undefined {
  if (known === undefined) return undefined;
  const { reported, at, shut } = known;
  const { limit, remaining, resetInMs } = reported;
  const passedMs = Math.max(now - at, 0);
  if (shut !== undefined) {
    const left = Math.min(Math.max(reported.shutForMs - passedMs, shut.leftMs - HOP_MS, 1), shut.leftMs);
    return { ...defined({ limit, remaining }), resetAt: now + left, shutUntil: now + left };
  }
  if (resetInMs === undefined) return defined({ limit, remaining });
  return passedMs >= resetInMs
    ? undefined
    : { ...defined({ limit, remaining }), resetAt: now + resetInMs - passedMs };
}
