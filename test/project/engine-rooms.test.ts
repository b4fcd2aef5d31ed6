import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const IMPORT = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;

/** What the files of a room of the engine import that `isAllowed` does not allow. */
function breaches(room: string, isAllowed: (to: string, isType: boolean) => boolean): readonly string[] {
  const folder = join('src/engine', room);
  return readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(IMPORT)]
      .filter(([, type, to = '']) => !isAllowed(to, type !== undefined))
      .map(([, , to]) => `${file} -> ${to}`),
  );
}

describe('the rooms of the engine', () => {
  it('interpreter imports XState, the machines and types of the services', () => {
    expect(
      breaches(
        'interpreter',
        (to, isType) =>
          to === 'xstate' ||
          to.startsWith('./') ||
          to.startsWith('../../machines/') ||
          (isType && to.startsWith('../../services/')),
      ),
    ).toEqual([]);
  });

  it('binding knows no actor, no Node, and no room that is built on it', () => {
    expect(
      breaches(
        'binding',
        (to) => to.startsWith('./') || to.startsWith('../../machines/') || to.startsWith('../../services/'),
      ),
    ).toEqual([]);
  });

  it('only src/adapters/restate knows the durable engine', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .map((file) => join('src', file))
      .filter((file) => file.endsWith('.ts') && !file.startsWith(join('src', 'adapters', 'restate')));
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => readFileSync(file, 'utf8').includes('@restatedev/'))).toEqual([]);
  });
});
