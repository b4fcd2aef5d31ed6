import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadSqliteDriver } from '../../../../src/engine/store/sqlite/sqlite-driver.js';

class OwnDriver {
  exec(): void {}
  prepare(): never {
    throw new Error('not asked for');
  }
  close(): void {}
}

/** A runtime that has the module, marked experimental as Node 22 has it. */
function runtimeWith(warnings: readonly string[]): string[] {
  const shown: string[] = [];
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void shown.push(String(warning)));
  vi.spyOn(process, 'getBuiltinModule').mockImplementation((name: string) => {
    if (name !== 'node:sqlite') return undefined;
    for (const warning of warnings) process.emitWarning(warning, 'ExperimentalWarning');
    return { DatabaseSync: OwnDriver };
  });
  return shown;
}

describe('the driver of the store', () => {
  afterEach(() => void vi.restoreAllMocks());

  it("is the runtime's own where it has one, without a word about that", async () => {
    const shown = runtimeWith([
      'SQLite is an experimental feature and might change at any time',
      'of others',
    ]);
    expect(await loadSqliteDriver('/s.db')).toBe(OwnDriver);
    process.emitWarning('afterwards');
    expect(shown).toEqual(['of others', 'afterwards']);
  });

  it.each([
    ['no such module', () => undefined],
    [
      'no way to ask for it',
      () => {
        throw new TypeError('not a function');
      },
    ],
  ])('is the package where the runtime has %s', async (_, answer) => {
    vi.spyOn(process, 'getBuiltinModule').mockImplementation(answer);
    const Driver = await loadSqliteDriver('/s.db');
    expect(Driver).not.toBe(OwnDriver);
    const database = new Driver(':memory:');
    expect(database.prepare('SELECT 1 AS one').get()).toMatchObject({ one: 1 });
    database.close();
  });
});
