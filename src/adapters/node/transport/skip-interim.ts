import type { Socket } from 'node:net';

/** The start of an interim reply. 101 is none: it ends HTTP on the connection. */
const INTERIM = /^HTTP\/1\.[01] 1(?!01)\d\d/;
const EXAMPLE = 'HTTP/1.1 100';
const END = Buffer.from('\r\n\r\n');
/** The limit of the parser that reads what is passed on. */
const LONGEST_HEAD = 16 * 1024;

/** Also true of fewer bytes than decide, if more may complete them. */
function isInterim(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, EXAMPLE.length);
  return INTERIM.test(start + EXAMPLE.slice(start.length));
}

/** The bytes after interim replies; `isHeld` if an interim reply at their start is incomplete. */
function behindInterim(bytes: Buffer): { readonly rest: Buffer; readonly isHeld: boolean } {
  let rest = bytes;
  while (rest.length > 0 && isInterim(rest)) {
    const end = rest.indexOf(END);
    // What is longer than any head is not collected: the parser refuses it.
    if (end < 0) return { rest, isHeld: rest.length <= LONGEST_HEAD };
    rest = rest.subarray(end + END.length);
  }
  return { rest, isHeld: false };
}

/**
 * Removes interim replies (1xx) from what a socket reads while a reply is expected. A client must accept them even unasked, any
 * number and in any order (RFC 9110, 15.2). undici closes the connection at a `100 Continue`, and takes a 103 of a proxy for its
 * answer to CONNECT: the outcome of a create would be unknown.
 */
export function skipInterim(socket: Socket): void {
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket);
  let isDue = false;
  let held: Buffer | undefined;
  const writeAndAwait = (...args: unknown[]): unknown => {
    isDue = true;
    return Reflect.apply(write, socket, args);
  };
  Object.assign(socket, { write: writeAndAwait });
  socket.read = (size?: number): unknown => {
    for (;;) {
      const chunk: unknown = read(size);
      if (size !== undefined || !isDue || !Buffer.isBuffer(chunk)) return chunk;
      const { rest, isHeld } = behindInterim(held === undefined ? chunk : Buffer.concat([held, chunk]));
      held = isHeld ? rest : undefined;
      if (isHeld || rest.length === 0) continue;
      isDue = false;
      return rest;
    }
  };
}
