import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { doorPath, doorsIn, SECTIONS } from '../../tools/docs/site-map.js';

const listed = SECTIONS.flatMap(({ pages }) => pages.map(({ path }) => `${path}.md`));
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const doors = doorsIn(exports).map((door) => `${doorPath(door)}.md`);

describe('the sidebar of the site', () => {
  it('leads to every page there is', () => {
    const there = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter(
      // The parts of benchmarks.md, which stand in it.
      (name) => name.endsWith('.md') && !name.startsWith('benchmarks/'),
    );
    expect(there.length).toBeGreaterThan(40);
    expect(there.filter((name) => ![...listed, ...doors].includes(name))).toEqual([]);
  });

  it('names no page twice', () => {
    expect(listed.filter((name, index) => listed.indexOf(name) !== index)).toEqual([]);
  });
});
