import { describe, expect, it } from 'vitest';
import { importsOf, readSources } from './import-graph.js';

const imports = importsOf(readSources('src'));

/** What the files of a room of the engine import that `isAllowed` does not allow. */
const breaches = (room: string, isAllowed: (to: string, isType: boolean) => boolean): readonly string[] =>
  imports
    .filter(({ from, to, isType }) => from.startsWith(`src/engine/${room}/`) && !isAllowed(to, isType))
    .map(({ from, to }) => `${from} -> ${to}`);

describe('the rooms of the engine', () => {
  it('interpreter imports XState, the machines and types of the services', () => {
    expect(
      breaches(
        'interpreter',
        (to, isType) =>
          to === 'xstate' ||
          to.startsWith('src/engine/interpreter/') ||
          to.startsWith('src/machines/') ||
          (isType && to.startsWith('src/services/')),
      ),
    ).toEqual([]);
  });

  it('binding knows no actor, no Node, and no room that is built on it', () => {
    expect(
      breaches('binding', (to) =>
        ['engine/binding', 'machines', 'services'].some((room) => to.startsWith(`src/${room}/`)),
      ),
    ).toEqual([]);
  });

  it('only src/adapters/restate knows the durable engine', () => {
    const users = imports.filter(({ to }) => to.startsWith('@restatedev/'));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter(({ from }) => !from.startsWith('src/adapters/restate/'))).toEqual([]);
  });
});
