const FIRST_SIZE = 64;

/** Numbers by index, in a few bytes each. */
export interface Column {
  /** 0 for an index that was never set. */
  get(at: number): number;
  set(at: number, value: number): void;
}

/** @param make creates the array that holds the numbers, and so decides their range */
export function createColumn(make: (size: number) => Float64Array | Uint32Array | Uint8Array): Column {
  let values = make(FIRST_SIZE);
  return {
    get: (at) => values[at] ?? 0,
    set(at, value) {
      if (at >= values.length) {
        const before = values;
        values = make(2 ** Math.ceil(Math.log2(at + 1)));
        values.set(before);
      }
      values[at] = value;
    },
  };
}

export const bytesColumn = (): Column => createColumn((size) => new Uint8Array(size));
export const countsColumn = (): Column => createColumn((size) => new Uint32Array(size));
export const numbersColumn = (): Column => createColumn((size) => new Float64Array(size));
