import { describe, expect, it } from 'vitest';
import {
  foldText,
  formatClock,
  formatDuration,
  formatSize,
  formatUntil,
  keepEnd,
} from '../../../../src/adapters/cli/say/format.js';

const noon = new Date(2026, 2, 30, 14, 2, 33).getTime();

describe('numbers in words', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_000, '1.0 kB'],
    [12_345, '12.3 kB'],
    [999_949, '999.9 kB'],
    [999_951, '1.0 MB'],
    [5_368_709_120, '5.4 GB'],
    [9e15, '9000.0 TB'],
  ])('%d bytes', (bytes, words) => expect(formatSize(bytes)).toBe(words));

  it.each([
    [-5, '0 s'],
    [1, '1 s'],
    [37_000, '37 s'],
    [245_000, '4 min 5 s'],
    [240_000, '4 min'],
    [86_220_000, '23 h 57 min'],
    [183_600_000, '2 d 3 h'],
  ])('%d ms', (ms, words) => expect(formatDuration(ms)).toBe(words));

  it('says the time, with the date where that is not today', () => {
    expect(formatClock(noon + 37_000, noon)).toBe('14:03:10');
    expect(formatClock(noon + 86_400_000, noon)).toBe('2026-03-31 14:02:33');
    expect(formatUntil(noon + 37_000, noon)).toBe('until 14:03:10 (37 s)');
  });
});

describe('text that is too long', () => {
  it.each([
    ['short', 'short'],
    ['', ''],
    ['a rate limit until noon', 'a rate|limit|until noon'],
    ['goal_lane.cover_letter', 'goal_lane.|cover_|letter'],
    ['abcdefghijklmnopqrstuvwxyz', 'abcdefghij|klmnopqrst|uvwxyz'],
  ])('%j is folded to ten letters', (text, lines) =>
    expect(foldText(text, 10).split('\n').join('|')).toBe(lines),
  );

  it('keeps its end', () => {
    expect(keepEnd('/home/ada/output.zip', 11)).toBe('…output.zip');
    expect(keepEnd('/output.zip', 11)).toBe('/output.zip');
  });
});
