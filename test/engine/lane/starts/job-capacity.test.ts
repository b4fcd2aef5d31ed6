import { describe, expect, it } from 'vitest';
import {
  createRefusedAt,
  createSending,
  isPlaceFree,
  type JobCapacity,
  jobArrived,
  jobCapacity,
  placeReleased,
  placeTaken,
} from '../../../../src/engine/lane/starts/job-capacity.js';

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `j${at}`);

/** Puts jobs on the server one by one, as long as there is believed to be a place; it has room for so many. */
function fill(empty: JobCapacity, room: number, now = 0) {
  let capacity = empty;
  let arrived = 0;
  for (const id of names(1_000)) {
    const sending = isPlaceFree(capacity, now) ? createSending(capacity, now) : undefined;
    if (sending === undefined) break;
    capacity = placeTaken(sending, id);
    if (arrived === room) return { capacity: createRefusedAt(capacity, now), arrived, refused: 1 };
    capacity = jobArrived(capacity, id, now);
    arrived += 1;
  }
  return { capacity, arrived, refused: 0 };
}

describe('the places of a key', () => {
  it('are as many as the plan says', () => {
    expect(fill(jobCapacity({ hint: 20 }), 20)).toMatchObject({ arrived: 20, refused: 0 });
    expect(fill(jobCapacity({ hint: 20, most: 3 }), 20)).toMatchObject({ arrived: 3, refused: 0 });
    expect(fill(jobCapacity({ hint: 5, most: 30 }), 20)).toMatchObject({ arrived: 5, refused: 0 });
  });

  it.each([0, -1, 0.5, Number.NaN])(
    'are those of the smallest plan where %d are said to be there',
    (count) => {
      expect(jobCapacity({ hint: count, most: count })).toMatchObject({ limit: 5, ceiling: null });
      expect(jobCapacity({ hint: 2.9 })).toMatchObject({ limit: 2, ceiling: 2 });
    },
  );

  it('are assumed to be one more only once all are taken and none was refused', () => {
    const few = jobArrived(jobCapacity({}), 'a', 0);
    expect(few).toMatchObject({ limit: 5, askAgainAt: null });
    expect(jobArrived(few, 'a', 0)).toBe(few);
    const all = names(5).reduce((capacity, id) => jobArrived(capacity, id, 0), jobCapacity({}));
    expect(all).toMatchObject({ limit: 6, askAgainAt: null });
    const refused = createRefusedAt(all, 0);
    expect(jobArrived(placeReleased(refused, 'j0'), 'again', 0)).toMatchObject({ limit: 5, refusals: 1 });
  });

  it.each([5, 20, 100])('are found out one by one where the plan is not known: %d', (room) => {
    const filled = fill(jobCapacity({}), room);
    expect(filled).toMatchObject({ arrived: room, refused: 1 });
    expect(filled.capacity.limit).toBe(room);
  });

  it('that one of our jobs gives back are ours again, without asking for more', () => {
    const { capacity } = fill(jobCapacity({ hint: 20 }), 8);
    expect(createSending(capacity, 1_000)).toBeUndefined();
    const freed = placeReleased(capacity, 'j3');
    expect(createSending(freed, 1_000)).toEqual(freed);
    // The refused one still has its own place here: no other job goes before it.
    expect(isPlaceFree(freed, 1_000)).toBe(false);
  });

  it('beyond what was refused are asked for now and then, and one after another once there are some', () => {
    const { capacity } = fill(jobCapacity({ hint: 20 }), 8);
    const later = capacity.askAgainAt ?? 0;
    expect(later).toBeGreaterThan(60_000);
    // The refused one has its place still: one more at a time.
    expect(isPlaceFree(capacity, later)).toBe(false);
    expect(isPlaceFree(placeReleased(capacity, 'j8'), later)).toBe(true);
    expect(isPlaceFree(placeReleased(capacity, 'j8'), later - 1)).toBe(false);
    const asking = createSending(capacity, later);
    expect(asking).toBeDefined();
    if (asking === undefined) return;
    expect(createSending(asking, later)).toBeUndefined();
    const grown = jobArrived(asking, 'j8', later);
    expect(grown.limit).toBe(9);
    expect(isPlaceFree(grown, later)).toBe(true);
  });

  it('are asked for sooner by a lane that has none, and less and less often', () => {
    let capacity = jobCapacity({});
    const pauses: number[] = [];
    let now = 0;
    for (let turn = 0; turn < 10; turn += 1) {
      capacity = createRefusedAt(capacity, now);
      pauses.push((capacity.askAgainAt ?? 0) - now);
      now = capacity.askAgainAt ?? 0;
    }
    expect(pauses.slice(0, 3)).toEqual([30_000, 60_000, 120_000]);
    expect(pauses.at(-1)).toBe(1_800_000);
  });
});
