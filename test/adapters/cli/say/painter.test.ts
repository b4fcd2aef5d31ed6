import { describe, expect, it } from 'vitest';
import { createPainter } from '../../../../src/adapters/cli/say/painter.js';

const PAINTED = '\u001b[31mword\u001b[39m';

describe('colours', () => {
  it.each([
    [{}, true, PAINTED],
    [{}, false, 'word'],
    [{ TERM: 'dumb' }, true, 'word'],
    [{ NO_COLOR: '1' }, true, 'word'],
    [{ NO_COLOR: '' }, true, PAINTED],
    [{ FORCE_COLOR: '1' }, false, PAINTED],
    [{ FORCE_COLOR: '0' }, true, 'word'],
    [{ FORCE_COLOR: '3', NO_COLOR: '1' }, false, PAINTED],
  ])('%j, on a terminal: %j', (env, isTTY, shown) => {
    expect(createPainter({ isTTY }, env)('red', 'word')).toBe(shown);
    expect(createPainter({ isTTY }, env)('none', 'word')).toBe('word');
  });
});
