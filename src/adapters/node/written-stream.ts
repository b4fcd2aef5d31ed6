import { Readable, type Writable } from 'node:stream';
import { type Allocate, freshBuffers, twoBuffers } from './file-chunks.js';

type Parts = (allocate: Allocate) => AsyncGenerator<Buffer>;

const written = (destination: Writable, part: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    destination.write(part, (error) => (error ? reject(error) : resolve()));
  });

async function writeAll(parts: AsyncGenerator<Buffer>, destination: Writable): Promise<void> {
  for await (const part of parts) await written(destination, part);
  destination.end();
}

/**
 * A stream of parts that, when it is piped, writes each part only once the one before has left the process. So two buffers do for a
 * file of any size, where a pipe of Node would need a new one for each chunk. Read in any other way it is a stream like any other.
 */
export class WrittenStream extends Readable {
  readonly #parts: Parts;
  #reading: AsyncGenerator<Buffer> | undefined;

  constructor(parts: Parts) {
    super({ highWaterMark: 1 });
    this.#parts = parts;
  }

  override _read(): void {
    this.#reading ??= this.#parts(freshBuffers);
    this.#reading.next().then(
      ({ done, value }) => this.push(done ? null : value),
      (error: Error) => this.destroy(error),
    );
  }

  override pipe<Destination extends NodeJS.WritableStream>(destination: Destination): Destination {
    // Whoever pipes a request's body pipes it into a stream of Node, which tells when a write is through.
    const writable = destination as unknown as Writable;
    writeAll(this.#parts(twoBuffers()), writable).then(
      () => {
        // The end of what was never read: whoever listens hears that all of it is through.
        this.push(null);
        this.resume();
      },
      (error: Error) => this.destroy(error),
    );
    return destination;
  }
}
