import { countsColumn, numbersColumn } from './column.js';
import type { SpoolPlace } from './spool.js';

/** Places in a spool by index, 12 bytes each. */
export interface PlaceList {
  get(at: number): SpoolPlace | undefined;
  set(at: number, place: SpoolPlace): void;
}

export function createPlaceList(): PlaceList {
  const [offsets, lengths] = [numbersColumn(), countsColumn()];
  return {
    get(at) {
      const bytes = lengths.get(at);
      return bytes === 0 ? undefined : { offset: offsets.get(at), bytes };
    },
    set(at, { offset, bytes }) {
      offsets.set(at, offset);
      lengths.set(at, bytes);
    },
  };
}
