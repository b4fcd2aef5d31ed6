import { describe, expect, it } from 'vitest';
import { createPollGovernor } from '../../../../src/engine/lane/reads/poll-governor.js';

const START = 1_750_000_000_000;

/** The time to the next read while 900 of 1,000 are left for 54 s. */
function gapWith(executing: number): number {
  const governor = createPollGovernor({ random: () => 0.5 });
  const resetAt = START + 60_000;
  governor.onSend(START);
  governor.onReply({ now: START, status: 200, remaining: 999, resetAt });
  const now = START + 6_000;
  governor.onSend(now);
  governor.onReply({ now, status: 200, remaining: 900, resetAt });
  return governor.nextSendAt(now, executing) - now;
}

describe('the even pace', () => {
  it('is not left for the number of jobs alone: the limit would be used up long before its reset', () => {
    expect(gapWith(1_000)).toBe(gapWith(1));
    expect(gapWith(500)).toBeGreaterThan(55);
  });
});
