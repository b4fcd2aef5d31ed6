import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const PIECE = Buffer.alloc(1024 * 1024, 'goal-lane ');

/** Sends so many bytes from one buffer, as fast as they are taken. */
function pour(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'Content-Length': bytes, 'Content-Type': 'application/zip' });
  let left = bytes;
  const more = (): void => {
    while (left > 0) {
      const piece = left >= PIECE.length ? PIECE : PIECE.subarray(0, left);
      left -= piece.length;
      if (!response.write(piece)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

/** Takes a body and throws it away. */
function swallow(request: IncomingMessage, response: ServerResponse): void {
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end('{"file_id":"file_1"}');
  });
  request.resume();
}

/** A sink and a source in a process of its own: nothing is kept, parsed or checked, so that the server is as little of the time as it can be. Writes its port to stdout. */
export function serveBytes(): void {
  const server = createServer((request, response) => {
    const bytes = /^\/result\/(\d+)/.exec(request.url ?? '')?.[1];
    if (bytes === undefined) swallow(request, response);
    else pour(response, Number(bytes));
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
  });
}
