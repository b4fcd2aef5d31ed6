import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A connection as seen by Node's HTTP client: writes pass through, reads return what is fed. */
export class HeadSocket extends Duplex {
  readonly #socket: Socket;
  #isHeld = false;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
  }

  /** Parses synchronously, so the bytes may change afterwards. False: stop until the socket is resumed. */
  feed(bytes: Uint8Array): boolean {
    this.emit('data', bytes);
    return !this.#isHeld;
  }

  feedEnd(): void {
    this.push(null);
  }

  override pause(): this {
    this.#isHeld = true;
    return super.pause();
  }

  override resume(): this {
    this.#isHeld = false;
    this.#socket.resume();
    return super.resume();
  }

  override _read(): void {
    // Data is fed, not pulled.
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
