import { Readable } from 'node:stream';

/** Controls a connection whose bytes are not consumed. */
export interface Flow {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

const abandoned = (): Error => new Error('the reply was not read to its end');

/** The bytes of a reply as a stream: it pauses the connection while nothing reads, and closes it when destroyed. */
export class ReplyBody extends Readable {
  readonly #flow: Flow;
  #isOver = false;

  constructor(flow: Flow) {
    super({ highWaterMark: 256 * 1024 });
    this.#flow = flow;
    // An error before anything reads is reported to a later reader, and must not be an uncaught exception.
    this.on('error', () => undefined);
  }

  receive(chunk: Uint8Array): void {
    if (!this.push(chunk)) this.#flow.pause();
  }

  finish(): void {
    this.#isOver = true;
    this.push(null);
  }

  breakOff(error: Error): void {
    this.#isOver = true;
    this.destroy(error);
  }

  override _read(): void {
    this.#flow.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#flow.abort(error ?? abandoned());
    }
    done(error);
  }
}
