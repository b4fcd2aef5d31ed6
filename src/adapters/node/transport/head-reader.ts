import type { IncomingMessage } from 'node:http';
import type { HeadSocket } from './head-socket.js';
import type { SlabBody, SlabFlow } from './slab-body.js';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** The length of a body with a known length and no encoding; undefined for any other. */
function plainLength({ statusCode, headers }: IncomingMessage): number | undefined {
  const length = headers['content-length'] ?? '';
  const isPlain = headers['transfer-encoding'] === undefined && /^\d{1,15}$/.test(length);
  return isPlain && (statusCode === 200 || statusCode === 206) ? Number(length) : undefined;
}

/**
 * Distributes the bytes of a connection: heads go to Node's parser; a body of known length goes to the slabs without the parser;
 * any other body goes to the parser. The parser reports a head before it receives the bytes after it.
 */
export class HeadReader {
  readonly #slabs: SlabBody;
  readonly #flow: SlabFlow;
  readonly #parser: () => HeadSocket | undefined;
  #takenBy: 'slabs' | 'parser' | undefined;
  /** How many of the bytes read were passed to the parser. */
  #fed = 0;
  /** The bytes last passed to the parser end at the end of a head. */
  #isAtEnd = false;

  constructor(slabs: SlabBody, flow: SlabFlow, parser: () => HeadSocket | undefined) {
    this.#slabs = slabs;
    this.#flow = flow;
    this.#parser = parser;
  }

  /** Handles bytes that were read into the slabs' buffer. False: stop reading for now. */
  add(bytes: number): boolean {
    if (this.#takenBy === 'slabs') return this.#slabs.add(bytes);
    const read = this.#slabs.addHead(bytes);
    return this.#takenBy === 'parser' ? this.#feedRest(read) : this.#feedHeads(read);
  }

  /** Called when the parser has the head of the reply: returns whether the slabs take its body. */
  takes(reply: IncomingMessage): boolean {
    const length = this.#isAtEnd ? plainLength(reply) : undefined;
    this.#takenBy = length === undefined ? 'parser' : 'slabs';
    if (length !== undefined) this.#slabs.begin(this.#fed, length, this.#flow);
    return length !== undefined;
  }

  #feedRest(read: Buffer): boolean {
    const rest = read.subarray(this.#fed);
    this.#fed = 0;
    this.#slabs.forgetHead();
    return rest.length === 0 || (this.#parser()?.feed(rest) ?? false);
  }

  /** Head by head, because interim replies may precede the final one. */
  #feedHeads(read: Buffer): boolean {
    while (this.#fed < read.length) {
      const found = read.indexOf(END_OF_HEAD, Math.max(this.#fed - END_OF_HEAD.length + 1, 0));
      const end = found < 0 ? read.length : found + END_OF_HEAD.length;
      const part = read.subarray(this.#fed, end);
      this.#isAtEnd = found >= 0;
      this.#fed = end;
      this.#parser()?.feed(part);
      if (this.#takenBy === 'slabs') return this.#slabs.wantsMore;
      if (this.#takenBy === 'parser') return this.#feedRest(read);
    }
    // Interim replies without end must not fill the memory; the next bytes may complete the end of a head.
    this.#fed = this.#slabs.forgetHead(END_OF_HEAD.length - 1);
    return true;
  }
}
