import { createHash } from 'node:crypto';

/** The ids of a batch, some 32 bytes each: hashes of 63 bits, of which two are alike in one of a billion manifests of 100,000 lines. */
export interface IdIndex {
  /** The line that has the id. */
  lineOf(id: string): number | undefined;
  add(id: string, line: number): void;
  /** The number of the next copy of an id that is taken: 2 the first time. */
  nextCopy(id: string): number;
}

const FIRST_SIZE = 256;

const hashOf = (id: string): bigint =>
  // 0 marks a free slot.
  createHash('sha256').update(id).digest().readBigUInt64LE() | 1n;

const createSlots = (size: number) => ({
  keys: new BigUint64Array(size),
  lines: new Uint32Array(size),
  copies: new Uint32Array(size),
});

type Slots = ReturnType<typeof createSlots>;

/** The slot of a key, or the free one where it belongs; less than half of them are taken. */
function slotOf({ keys }: Slots, key: bigint): number {
  const last = keys.length - 1;
  let at = Number((key >> 1n) & BigInt(last));
  while (keys[at] !== 0n && keys[at] !== key) at = (at + 1) & last;
  return at;
}

function doubled(before: Slots): Slots {
  const slots = createSlots(before.keys.length * 2);
  for (const [from, key] of before.keys.entries()) {
    if (key === 0n) continue;
    const at = slotOf(slots, key);
    slots.keys[at] = key;
    slots.lines[at] = before.lines[from] ?? 0;
    slots.copies[at] = before.copies[from] ?? 0;
  }
  return slots;
}

export function createIdIndex(): IdIndex {
  let slots = createSlots(FIRST_SIZE);
  let count = 0;
  return {
    lineOf(id) {
      const key = hashOf(id);
      const at = slotOf(slots, key);
      return slots.keys[at] === key ? slots.lines[at] : undefined;
    },
    add(id, line) {
      if (count * 2 >= slots.keys.length) slots = doubled(slots);
      const key = hashOf(id);
      const at = slotOf(slots, key);
      if (slots.keys[at] === 0n) count += 1;
      slots.keys[at] = key;
      slots.lines[at] = line;
    },
    nextCopy(id) {
      const at = slotOf(slots, hashOf(id));
      const copy = Math.max(2, (slots.copies[at] ?? 0) + 1);
      slots.copies[at] = copy;
      return copy;
    },
  };
}
