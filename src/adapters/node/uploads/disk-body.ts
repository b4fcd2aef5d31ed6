import { Readable } from 'node:stream';
import { type Allocate, freshBuffers, twoBuffers } from './file-chunks.js';

type Parts = (allocate: Allocate) => AsyncGenerator<Uint8Array>;

/**
 * An upload body that can be read once. As a stream, for any transport, its chunks may be kept. `inTurn` is for a transport that
 * has consumed a chunk when it requests the next: two buffers suffice for a file of any size.
 */
export class DiskBody extends Readable {
  readonly #parts: Parts;
  #reading: AsyncGenerator<Uint8Array> | undefined;

  constructor(parts: Parts) {
    super({ highWaterMark: 1 });
    this.#parts = parts;
  }

  inTurn(): AsyncGenerator<Uint8Array> {
    return this.#parts(twoBuffers());
  }

  override _read(): void {
    this.#reading ??= this.#parts(freshBuffers);
    this.#reading.next().then(
      ({ done, value }) => this.push(done ? null : value),
      (error: Error) => this.destroy(error),
    );
  }
}
