import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A connection as Node's HTTP client sees it: it writes through, and reads what it is fed. */
export class HeadSocket extends Duplex {
  readonly #socket: Socket;
  #isHeld = false;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
  }

  /** Parsed before this returns, so that the bytes may change afterwards. False: no more is wanted until the socket is resumed. */
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
    // Fed, not pulled.
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
