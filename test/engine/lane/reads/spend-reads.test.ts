import { describe, expect, it } from 'vitest';
import { createPollGovernor, type PollGovernor } from '../../../../src/engine/lane/reads/poll-governor.js';
import type { ReadUse } from '../../../../src/engine/lane/reads/spend-reads.js';

const START = 1_700_000_000_000;
const WINDOW_MS = 60_000;
const LIMIT = 60;
const JOBS = 5;

/** A fixed window that others use, too: `others` of its reads are gone evenly over each window. */
function fixedWindow(others = 0) {
  let end = START;
  let used = 0;
  let refused = 0;
  return {
    refused: () => refused,
    read(now: number) {
      while (now >= end) {
        end += WINDOW_MS;
        used = 0;
      }
      const theirs = Math.floor(others * (1 - (end - now) / WINDOW_MS));
      const allowed = used + theirs < LIMIT;
      if (allowed) used += 1;
      else refused += 1;
      return { status: allowed ? 200 : 429, remaining: Math.max(LIMIT - used - theirs, 0), resetAt: end };
    },
  };
}

/** Reads for one use, as early as may be; replies come at once. Returns when each left. */
function drive(
  governor: PollGovernor,
  window: ReturnType<typeof fixedWindow>,
  use: ReadUse | undefined,
  from: number,
  until: number,
): number[] {
  const sent: number[] = [];
  for (let now = START + from; now < START + until; ) {
    const at = governor.nextSendAt(now, JOBS, use);
    if (at > now) {
      now = Math.ceil(at);
      continue;
    }
    governor.onSend(now);
    sent.push(now);
    governor.onReply({ now, ...window.read(now) });
    now += 1;
  }
  return sent;
}

/** Two windows at the even pace have shown what kind of limit it is. */
function taught(others = 0) {
  const governor = createPollGovernor({ random: () => 0.5 });
  const window = fixedWindow(others);
  drive(governor, window, undefined, 0, 2 * WINDOW_MS + 5_000);
  return { governor, window };
}

const NOW = 2 * WINDOW_MS + 5_000;

describe('a key that is used by one process, in a fixed window', () => {
  it('lets a read that is due leave at once after one that was not, and saves where none is due', () => {
    const { governor } = taught();
    const [due, even, early] = (['due', undefined, 'early'] as const).map(
      (use) => governor.nextSendAt(START + NOW, JOBS, use) - START - NOW,
    );
    expect(due).toBeLessThan((even ?? 0) - 300);
    expect(early).toBeGreaterThan((even ?? 0) + 500);
  });

  it('lends a few reads to those that are due, and then goes at the even pace', () => {
    const { governor, window } = taught();
    const sent = drive(governor, window, 'due', NOW, NOW + 20_000);
    const other = taught();
    const evenly = drive(other.governor, other.window, undefined, NOW, NOW + 20_000);
    expect(sent.length - evenly.length).toBeGreaterThanOrEqual(1);
    expect(sent.length - evenly.length).toBeLessThanOrEqual(4);
  });

  it.each(['due', 'early'] as const)('is used up and never overrun by reads that are %s', (use) => {
    const { governor, window } = taught();
    const sent = drive(governor, window, use, NOW, NOW + 20 * WINDOW_MS);
    expect(window.refused()).toBe(0);
    expect(sent.length).toBeGreaterThan(0.9 * 20 * LIMIT);
  });

  it('still reads before a window ends what nothing was due for', () => {
    const { governor, window } = taught();
    const sent = drive(governor, window, 'early', NOW, NOW + WINDOW_MS);
    const last = sent.filter((at) => at < START + 3 * WINDOW_MS);
    expect(Math.max(...sent.slice(1).map((at, turn) => at - (sent[turn] ?? at)))).toBeLessThan(5_000);
    expect(last.length).toBeGreaterThan(45);
  });
});

describe('a key that others use, too', () => {
  it('lends and saves nothing: what is not read is theirs', () => {
    const { governor } = taught(40);
    const times = (['due', undefined, 'early'] as const).map((use) =>
      governor.nextSendAt(START + NOW, JOBS, use),
    );
    expect(new Set(times).size).toBe(1);
  });

  it('is never overrun, though nothing is known between two replies', () => {
    const { governor, window } = taught(40);
    const sent = drive(governor, window, 'due', NOW, NOW + 20 * WINDOW_MS);
    expect(window.refused()).toBe(0);
    expect(sent.length).toBeGreaterThan(0.7 * 20 * (LIMIT - 40));
  });
});
