/**
 * For servers that count a job as concurrent from its confirm on: after a refused confirm, the others are held back here instead
 * of being refused there. The reference does not state from when a job counts. `null`: open.
 */
export type ConfirmGate = ShutGate | null;

interface ShutGate {
  /** How many may pass: places that our jobs gave back. */
  readonly permits: number;
  /** Epoch ms. */
  readonly askAgainAt: number;
  readonly pauseMs: number;
  /** One was let through to check whether the server still refuses. */
  readonly isAsking: boolean;
}

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/** The gate after a confirm has passed; undefined if none may. */
export function confirmPassing(gate: ConfirmGate, now: number): ConfirmGate | undefined {
  if (gate === null) return null;
  if (gate.permits > 0) return { ...gate, permits: gate.permits - 1 };
  if (now < gate.askAgainAt) return undefined;
  return { ...gate, askAgainAt: now + gate.pauseMs, isAsking: true };
}

/** The server refused a confirm: too many concurrent jobs. */
export function confirmRefusedAt(gate: ConfirmGate, now: number): ConfirmGate {
  const pauseMs = gate === null ? FIRST_PAUSE_MS : Math.min(gate.pauseMs * 2, LONGEST_PAUSE_MS);
  return { permits: 0, askAgainAt: now + pauseMs, pauseMs, isAsking: false };
}

/** The server accepted a confirm. */
export const confirmTaken = (gate: ConfirmGate): ConfirmGate => (gate?.isAsking === true ? null : gate);

/** A job of ours has ended: one more may pass. */
export const placeGivenBack = (gate: ConfirmGate): ConfirmGate =>
  gate === null ? null : { ...gate, permits: gate.permits + 1 };
