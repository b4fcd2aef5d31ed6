import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../../src/engine/binding/clock.js';
import { restoredBudget, storedBudget } from '../../../../src/engine/lane/reads/stored-budget.js';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
/** A clock of which the wall clock is `offset` ms ahead. */
const clockOf = (offset = 0): Clock => ({
  now: () => NOW,
  schedule: () => () => undefined,
  wallOffset: () => offset,
});
const create = { limit: 10, remaining: 2, resetAt: NOW + HOUR, shutUntil: NOW + 2 * HOUR };

describe('the budget of a lane in its store', () => {
  it('has times of the wall clock', () => {
    expect(storedBudget({ create, catalog: { remaining: 7 } }, clockOf(5_000))).toEqual({
      create: { limit: 10, remaining: 2, resetAt: NOW + HOUR + 5_000, shutUntil: NOW + 2 * HOUR + 5_000 },
      catalog: { remaining: 7 },
    });
  });

  it('is the same again on the clock of another process', () => {
    const [before, after] = [clockOf(5_000), clockOf(-60_000)];
    const restored = restoredBudget(storedBudget({ create }, before), NOW - 60_000, after);
    // The wall clock of the other process says a minute and five seconds less for the same time.
    expect(restored.create).toEqual({
      ...create,
      ...{ resetAt: create.resetAt + 65_000, shutUntil: create.shutUntil + 65_000 },
    });
  });

  it('moves back if it was stored with a clock that was ahead, and never forth', () => {
    expect(restoredBudget({ create }, NOW + HOUR, clockOf()).create).toEqual({
      ...create,
      ...{ resetAt: NOW, shutUntil: NOW + HOUR },
    });
    expect(restoredBudget({ create }, NOW - HOUR, clockOf()).create).toEqual(create);
  });

  it('ends no later than a limit of creations can', () => {
    const far = { resetAt: NOW + 1e12, shutUntil: NOW + 1e12 };
    const days = NOW + 48 * HOUR;
    expect(restoredBudget({ create: far }, NOW, clockOf()).create).toEqual({
      resetAt: days,
      shutUntil: days,
    });
    expect(storedBudget({ create: far }, clockOf()).create).toEqual(far);
  });
});
