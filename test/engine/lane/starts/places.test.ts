import { describe, expect, it } from 'vitest';
import { createConfirmGate } from '../../../../src/engine/lane/starts/confirm-gate.js';
import { createPlaces } from '../../../../src/engine/lane/starts/places.js';

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `j${at}`);

/** Puts jobs on the server one by one, as long as there is believed to be a place; it has room for so many. */
function fill(
  places: ReturnType<typeof createPlaces>,
  room: number,
  now = 0,
): { arrived: number; refused: number } {
  let arrived = 0;
  for (const id of names(1_000)) {
    if (!places.isFree(now) || !places.mayCreate(now)) break;
    places.take(id);
    if (arrived === room) {
      places.refused(now);
      return { arrived, refused: 1 };
    }
    places.arrived(id, now);
    arrived += 1;
  }
  return { arrived, refused: 0 };
}

describe('places', () => {
  it('are as many as the plan says', () => {
    expect(fill(createPlaces({ hint: 20 }), 20)).toEqual({ arrived: 20, refused: 0 });
    expect(fill(createPlaces({ hint: 20, most: 3 }), 20)).toEqual({ arrived: 3, refused: 0 });
    expect(fill(createPlaces({ hint: 5, most: 30 }), 20)).toEqual({ arrived: 5, refused: 0 });
  });

  it.each([5, 20, 100])('are found out one by one where the plan is not known: %d', (room) => {
    const places = createPlaces({});
    expect(fill(places, room)).toEqual({ arrived: room, refused: 1 });
    expect(places.limit).toBe(room);
  });

  it('that one of our jobs gives back are ours again, without asking for more', () => {
    const places = createPlaces({ hint: 20 });
    fill(places, 8);
    expect(places.mayCreate(1_000)).toBe(false);
    places.release('j3');
    expect(places.mayCreate(1_000)).toBe(true);
    // The refused one still has its own place here: no other job goes before it.
    expect(places.isFree(1_000)).toBe(false);
  });

  it('beyond what was refused are asked for now and then, and one after another once there are some', () => {
    const places = createPlaces({ hint: 20 });
    fill(places, 8);
    const later = places.askAgainAt ?? 0;
    expect(later).toBeGreaterThan(60_000);
    expect(places.mayCreate(later)).toBe(true);
    expect(places.mayCreate(later)).toBe(false);
    places.arrived('j8', later);
    expect(places.limit).toBe(9);
    expect(places.isFree(later)).toBe(true);
  });

  it('are asked for sooner by a lane that has none, and less and less often', () => {
    const places = createPlaces({});
    const pauses: number[] = [];
    let now = 0;
    for (let turn = 0; turn < 10; turn += 1) {
      places.refused(now);
      pauses.push((places.askAgainAt ?? 0) - now);
      now = places.askAgainAt ?? 0;
    }
    expect(pauses.slice(0, 3)).toEqual([30_000, 60_000, 120_000]);
    expect(pauses.at(-1)).toBe(1_800_000);
  });
});

describe('the gate before confirms', () => {
  it('is open until one is refused, and opens for one when a job ends', () => {
    const gate = createConfirmGate();
    expect([gate.mayPass(0), gate.mayPass(0)]).toEqual([true, true]);
    gate.refused(0);
    expect(gate.mayPass(10_000)).toBe(false);
    gate.freed();
    expect([gate.mayPass(10_000), gate.mayPass(10_000)]).toEqual([true, false]);
  });

  it('asks again after a while, and opens where the answer is yes', () => {
    const gate = createConfirmGate();
    gate.refused(0);
    expect([gate.mayPass(30_000), gate.mayPass(30_000)]).toEqual([true, false]);
    gate.refused(31_000);
    expect(gate.mayPass(70_000)).toBe(false);
    expect(gate.mayPass(91_000)).toBe(true);
    gate.passed();
    expect([gate.mayPass(91_000), gate.mayPass(91_000)]).toEqual([true, true]);
  });
});
