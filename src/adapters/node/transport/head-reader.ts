import type { IncomingMessage } from 'node:http';
import type { HeadSocket } from './head-socket.js';
import type { SlabBody, SlabFlow } from './slab-body.js';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** The bytes of a body whose length is known, and which is sent as it is; undefined for any other. */
function plainLength({ statusCode, headers }: IncomingMessage): number | undefined {
  const length = headers['content-length'] ?? '';
  const isPlain = headers['transfer-encoding'] === undefined && /^\d{1,15}$/.test(length);
  return isPlain && (statusCode === 200 || statusCode === 206) ? Number(length) : undefined;
}

/**
 * Shares out what a connection reads: heads are Node's parser's; a body of known length goes to the slabs, past the parser; any
 * other body is the parser's again. The parser tells of a head before it is given what follows.
 */
export class HeadReader {
  readonly #slabs: SlabBody;
  readonly #flow: SlabFlow;
  readonly #parser: () => HeadSocket | undefined;
  #takenBy: 'slabs' | 'parser' | undefined;
  /** Of what was read, how much the parser was given. */
  #fed = 0;
  /** What the parser was given last ends with the end of a head. */
  #isAtEnd = false;

  constructor(slabs: SlabBody, flow: SlabFlow, parser: () => HeadSocket | undefined) {
    this.#slabs = slabs;
    this.#flow = flow;
    this.#parser = parser;
  }

  /** For so many bytes that were read into the room of the slabs. False: no more is to be read now. */
  add(bytes: number): boolean {
    if (this.#takenBy === 'slabs') return this.#slabs.add(bytes);
    const read = this.#slabs.addHead(bytes);
    return this.#takenBy === 'parser' ? this.#feedRest(read) : this.#feedHeads(read);
  }

  /** The parser has the head of the reply: says whether the slabs take its body. */
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

  /** Head by head, for interim replies may come before the one that counts. */
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
    return true;
  }
}
