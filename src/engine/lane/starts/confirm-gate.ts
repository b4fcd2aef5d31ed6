/**
 * For servers that count a job among the concurrent ones from its confirm on: after a refused confirm, the others are held back here
 * instead of being refused there. The reference does not say from when on a job counts.
 */
export interface ConfirmGate {
  /** Whether a confirm may be sent. A yes is used up by asking. */
  mayPass(now: number): boolean;
  refused(now: number): void;
  passed(): void;
  /** A job of ours has ended: one more may pass. */
  freed(): void;
}

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

export function createConfirmGate(): ConfirmGate {
  let isShut = false;
  let permits = 0;
  let askAgainAt = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let isAsking = false;
  return {
    mayPass(now) {
      if (!isShut) return true;
      if (permits > 0) {
        permits -= 1;
        return true;
      }
      if (now < askAgainAt) return false;
      askAgainAt = now + pauseMs;
      isAsking = true;
      return true;
    },
    refused(now) {
      if (isShut) pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      isShut = true;
      isAsking = false;
      permits = 0;
      askAgainAt = now + pauseMs;
    },
    passed() {
      if (!isAsking) return;
      isShut = false;
      isAsking = false;
      pauseMs = FIRST_PAUSE_MS;
    },
    freed() {
      if (isShut) permits += 1;
    },
  };
}
