import type { Socket } from 'node:net';

const START = Buffer.from('HTTP/1.1 100');
const END = Buffer.from('\r\n\r\n');

const isStartOf = (bytes: Buffer): boolean => {
  const length = Math.min(bytes.length, START.length);
  return bytes.subarray(0, length).equals(START.subarray(0, length));
};

/**
 * Removes `100 Continue` from what a socket reads while a reply is expected. A client must accept it even unasked (RFC 9110,
 * 15.2). undici treats it as invalid and closes the connection, which would leave the outcome of a create unknown.
 */
export function skipContinue(socket: Socket): void {
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket);
  let isDue = false;
  let held: Buffer | undefined;
  /** The bytes after the interim replies; undefined while incomplete. */
  const behind = (bytes: Buffer): Buffer | undefined => {
    let rest = bytes;
    while (rest.length > 0 && isStartOf(rest)) {
      const end = rest.indexOf(END);
      if (end < 0) {
        held = rest;
        return undefined;
      }
      rest = rest.subarray(end + END.length);
    }
    return rest.length > 0 ? rest : undefined;
  };
  const writeAndAwait = (...args: unknown[]): unknown => {
    isDue = true;
    return Reflect.apply(write, socket, args);
  };
  Object.assign(socket, { write: writeAndAwait });
  socket.read = (size?: number): unknown => {
    for (;;) {
      const chunk: unknown = read(size);
      if (size !== undefined || !isDue || !Buffer.isBuffer(chunk)) return chunk;
      const rest = behind(held === undefined ? chunk : Buffer.concat([held, chunk]));
      if (rest === undefined) continue;
      held = undefined;
      isDue = false;
      return rest;
    }
  };
}
