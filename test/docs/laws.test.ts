import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/laws.md', 'utf8');
const laws = page.split(/^## /m).slice(1);
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8];

describe('the page of the laws', () => {
  it('has a paragraph for each of the eight', () => {
    expect(laws.map((law) => Number(law.split('.')[0]))).toEqual(NUMBERS);
  });

  it.each(NUMBERS)('names tests that exist: law %d', (number) => {
    const named = [...(laws[number - 1] ?? '').matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});
