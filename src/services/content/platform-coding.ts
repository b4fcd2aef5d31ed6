/** What the `fetch` of some platform undoes; others it hands over as they came (Fetch, "handle content codings"). */
const CODINGS_OF_FETCH = new Set(['gzip', 'x-gzip', 'deflate', 'br', 'zstd']);

/** A platform's fetch hands over a web stream with its codings undone already; its length can then not be checked. */
export const mayBeDecoded = (data: unknown, codings: readonly string[]): boolean =>
  codings.length > 0 &&
  data instanceof ReadableStream &&
  codings.every((coding) => CODINGS_OF_FETCH.has(coding));

type Bytes = readonly [number, number, number, number];

/** How coded bytes begin; `br` has no sign, and every fetch undoes it. */
const SIGNS: Readonly<Record<string, (bytes: Bytes) => boolean>> = {
  gzip: ([a, b, c]) => a === 0x1f && b === 0x8b && c === 8,
  'x-gzip': ([a, b, c]) => a === 0x1f && b === 0x8b && c === 8,
  deflate: ([a, b]) => a === 0x78 && (a * 256 + b) % 31 === 0,
  zstd: ([a, b, c, d]) => a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd,
};

/** The first bytes of a body, and all of it. */
async function begun(chunks: AsyncIterable<Uint8Array>) {
  const source = chunks[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < 4) {
    const next = await source.next();
    if (next.done === true) break;
    held.push(next.value.slice());
    bytes += next.value.byteLength;
  }
  const [a = -1, b = -1, c = -1, d = -1] = held.flatMap((chunk) => [...chunk.subarray(0, 4)]);
  const all = async function* () {
    yield* held;
    yield* { [Symbol.asyncIterator]: () => source };
  };
  return { first: [a, b, c, d] as const, all, close: () => source.return?.() };
}

/**
 * Chunks of a body whose codings fetch has undone, or has not: one platform undoes `deflate` or `zstd`, another hands them over as they came,
 * and none says which. Bytes that begin as coded ones do are coded.
 */
export async function* decodedIfCoded(
  chunks: AsyncIterable<Uint8Array>,
  codings: readonly string[],
  undo: (coded: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { first, all, close } = await begun(chunks);
  try {
    const isCoded = SIGNS[codings.at(-1) ?? '']?.(first) ?? false;
    yield* isCoded ? undo(all()) : all();
  } finally {
    await close();
  }
}
