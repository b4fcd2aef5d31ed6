import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the guide of the browser states the size that CI holds its door to', () => {
  // Boundary: a file of our own.
  const entries = JSON.parse(readFileSync('.size-limit.json', 'utf8')) as { name: string; limit: string }[];
  const limit = entries.find(({ name }) => name === 'browser by fetch')?.limit ?? '';
  const page = readFileSync('docs/guides/browser.md', 'utf8');
  expect(/\[(\d+) KiB gzip\]/.exec(page)?.[1]).toBe(Number.parseFloat(limit).toFixed(0));
});
