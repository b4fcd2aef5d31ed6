import { describe, expect, it } from 'vitest';
import { createDoubts } from '../../../src/services/content/doubts.js';

describe('results in doubt', () => {
  it.each([
    ['the last 1,000 are remembered', 999, true],
    ['an older one is forgotten', 1_000, false],
  ])('%s', (_what, others, isConfirmed) => {
    const doubts = createDoubts();
    expect(doubts.isConfirmed('first', 'a')).toBe(false);
    for (let at = 0; at < others; at += 1) doubts.isConfirmed(`j${at}`, 'a');
    expect(doubts.isConfirmed('first', 'a')).toBe(isConfirmed);
  });

  it('other bytes confirm nothing', () => {
    const doubts = createDoubts();
    expect(['a', 'b', 'b', 'b'].map((sha256) => doubts.isConfirmed('j', sha256))).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });
});
