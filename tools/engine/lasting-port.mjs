import { createServer } from 'node:net';

/** Below the ports that a system hands out by itself: nothing else takes one of these while its process is being restarted. */
const [FIRST, LAST] = [20_000, 32_000];
const TRIES = 100;

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** A free port of 127.0.0.1 for a process that is killed and comes back to it. */
export async function lastingPort() {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
  throw new Error(`none of ${TRIES} ports from ${FIRST} to ${LAST} is free`);
}
