import { createServer, type Socket } from 'node:net';

const PIECE = Buffer.alloc(1024 * 1024, 'goal-lane ');

/** Sends so many bytes from one buffer, as fast as they are taken. */
function pour(socket: Socket, bytes: number): void {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Length: ${bytes}\r\n\r\n`);
  let left = bytes;
  const more = (): void => {
    while (left > 0) {
      const piece = left >= PIECE.length ? PIECE : PIECE.subarray(0, left);
      left -= piece.length;
      if (socket.write(piece)) continue;
      socket.once('drain', more);
      return;
    }
  };
  more();
}

const REPLY = '{"file_id":"file_1"}';
const END_OF_HEAD = '\r\n\r\n';

/** Requests of one connection, read only as far as it must be: a head, and a body that is thrown away. */
function converse(socket: Socket): void {
  let head = '';
  let left = 0;
  const answer = (): void => {
    const length = `Content-Length: ${REPLY.length}`;
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${length}\r\n\r\n${REPLY}`);
  };
  const swallow = (bytes: number): void => {
    left -= bytes;
    if (left <= 0) answer();
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    if (left > 0) {
      swallow(chunk.length);
      return;
    }
    head += chunk.toString('latin1');
    const end = head.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const early = head.length - end - END_OF_HEAD.length;
    const bytes = /^GET \/result\/(\d+)/.exec(head)?.[1];
    left = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (/expect: *100-continue/i.test(head)) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    head = '';
    if (bytes !== undefined) pour(socket, Number(bytes));
    else swallow(early);
  });
}

/**
 * A sink and a source in a process of its own. It speaks as little HTTP as it can: nothing is kept, parsed or checked, so that the server is
 * as little of the time as possible. Writes its port to stdout.
 */
export function serveBytes(): void {
  const server = createServer(converse);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
  });
}
