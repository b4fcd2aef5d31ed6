/** How a body controls its connection. */
export interface SlabFlow {
  /** Reading may continue. */
  resume(): void;
  /** No more bytes are needed. */
  end(): void;
}

interface Slab {
  readonly bytes: Buffer;
  /** How many bytes were read from the socket, and how many were yielded or belong to the head. */
  filled: number;
  given: number;
}

interface Chunk {
  readonly bytes: Buffer;
  /** Free again once this chunk is consumed. */
  readonly frees: Slab | undefined;
}

interface Waiter {
  resolve(result: IteratorResult<Uint8Array>): void;
  reject(error: Error): void;
}

/**
 * Large enough that the cost per chunk hardly matters, small enough that its bytes are still in the processor's cache when they
 * are hashed.
 */
export const SLAB_BYTES = 512 * 1024;
/** One at the reader, one full, one being read into. */
const SLABS = 3;
/** The longest delay of data on a slow line, in ms. */
const LATEST_MS = 20;

const abandoned = (): Error => new Error('the reply was not read to its end');

/**
 * The bytes of a connection, read by the system directly into reused memory: Node's streams allocate memory for each 64 kB, and
 * its parser copies them, which together cost more than the reading. A chunk is valid until the next is requested.
 */
export class SlabBody implements AsyncIterableIterator<Uint8Array> {
  readonly #free: Slab[];
  readonly #ready: Chunk[] = [];
  #current: Slab;
  #held: Slab | undefined;
  #flow: SlabFlow | undefined;
  #left = Number.POSITIVE_INFINITY;
  #isPaused = false;
  #error: Error | undefined;
  #isDone = false;
  #waiter: Waiter | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(slabBytes = SLAB_BYTES) {
    const slab = (): Slab => ({ bytes: Buffer.allocUnsafeSlow(slabBytes), filled: 0, given: 0 });
    this.#free = Array.from({ length: SLABS - 1 }, slab);
    this.#current = slab();
  }

  /** Where the socket reads into next. */
  readonly room = (): Buffer => this.#current.bytes.subarray(this.#current.filled);

  /** Handles bytes of a head that were read into the buffer. Returns all of them. */
  addHead(bytes: number): Buffer {
    const slab = this.#current;
    slab.filled += bytes;
    return slab.bytes.subarray(0, slab.filled);
  }

  /** Frees the memory of what was read, but for at most `keep` bytes at its end. Returns how many were kept. */
  forgetHead(keep = 0): number {
    const slab = this.#current;
    const kept = Math.min(keep, slab.filled);
    slab.bytes.copyWithin(0, slab.filled - kept, slab.filled);
    slab.filled = kept;
    return kept;
  }

  /** Starts a body of the given length after the given bytes of the head. */
  begin(headBytes: number, bodyBytes: number, flow: SlabFlow): void {
    const slab = this.#current;
    const early = slab.filled - headBytes;
    slab.given = headBytes;
    slab.filled = headBytes;
    this.#left = bodyBytes;
    this.#flow = flow;
    this.add(early);
  }

  get wantsMore(): boolean {
    return !this.#isPaused && !this.#isDone;
  }

  /** Handles bytes that were read into the buffer. False: stop reading until the flow is resumed. */
  add(bytes: number): boolean {
    const slab = this.#current;
    // Bytes after the body are ignored.
    const own = Math.min(bytes, this.#left);
    slab.filled += own;
    this.#left -= own;
    if (this.#left === 0) this.#finish();
    else if (slab.filled < slab.bytes.length) this.#hurry();
    else this.#turn();
    return this.wantsMore;
  }

  /** The connection ended, before the end of the body unless it is complete. */
  breakOff(error: Error): void {
    if (this.#isDone || this.#error !== undefined) return;
    this.#error = error;
    this.#cut(undefined);
    this.#serve();
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#held !== undefined) this.#release(this.#held);
    this.#held = undefined;
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
      this.#serve();
      if (this.#waiter !== undefined) this.#hurry();
    });
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.destroy();
    return { done: true, value: undefined };
  }

  destroy(error: Error = abandoned()): void {
    clearTimeout(this.#timer);
    if (!this.#isDone) {
      this.#isDone = true;
      this.#flow?.end();
    }
    this.#error ??= error;
    this.#ready.length = 0;
    this.#serve();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Yields the bytes that were read but not yielded yet. */
  #cut(frees: Slab | undefined): void {
    const slab = this.#current;
    if (slab.filled === slab.given && frees === undefined) return;
    this.#ready.push({ bytes: slab.bytes.subarray(slab.given, slab.filled), frees });
    slab.given = slab.filled;
  }

  /**
   * The slab is full: read into the next. There always is one, because the socket requests it at once; nothing is read into the
   * last.
   */
  #turn(): void {
    const next = this.#free.pop();
    if (next === undefined) throw new Error('no memory is free to read into');
    this.#cut(this.#current);
    this.#current = next;
    this.#isPaused = this.#free.length === 0;
    this.#serve();
  }

  #release(slab: Slab): void {
    slab.filled = 0;
    slab.given = 0;
    this.#free.push(slab);
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#flow?.resume();
  }

  #finish(): void {
    this.#isDone = true;
    this.#cut(undefined);
    this.#flow?.end();
    this.#serve();
  }

  #hurry(): void {
    const { filled, given } = this.#current;
    if (this.#waiter === undefined || this.#timer !== undefined || filled === given) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#waiter === undefined) return;
      this.#cut(undefined);
      this.#serve();
    }, LATEST_MS);
  }

  #serve(): void {
    const waiter = this.#waiter;
    if (waiter === undefined) return;
    const chunk = this.#ready.shift();
    if (chunk === undefined && this.#error === undefined && !this.#isDone) return;
    this.#waiter = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (chunk !== undefined) {
      this.#held = chunk.frees;
      waiter.resolve({ done: false, value: chunk.bytes });
    } else if (this.#error !== undefined) waiter.reject(this.#error);
    else waiter.resolve({ done: true, value: undefined });
  }
}
