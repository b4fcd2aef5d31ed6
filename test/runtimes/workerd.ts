import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleProgram, type Program } from './bundle-programs.js';
import type { Site, Told } from './site.js';

const CONFIG = `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2025-06-01",
);
`;

const USE = `export default {
  async fetch(request) {
    return Response.json(await runJob(await request.json()));
  },
};`;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      server.close(() => (port === undefined ? reject(new Error('no port')) : resolve(port)));
    });
  });

/** Posted once the worker listens, and only then. */
async function post(url: string, given: unknown): Promise<unknown> {
  const body = JSON.stringify(given);
  for (let tries = 0; ; tries += 1) {
    const reply = await fetch(url, { method: 'POST', body }).catch(() => undefined);
    if (reply?.ok) return reply.json();
    if (reply !== undefined) throw new Error(`the worker answered ${reply.status}: ${await reply.text()}`);
    if (tries > 200) throw new Error('the worker does not listen');
    await sleep(50);
  }
}

/** What a worker answers to one post; its process lives for that post alone. */
export async function postToWorkerd(
  binary: string,
  dir: string,
  code: string,
  given: unknown,
): Promise<unknown> {
  await writeFile(join(dir, 'worker.mjs'), code);
  await writeFile(join(dir, 'worker.capnp'), CONFIG);
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(binary, ['serve', join(dir, 'worker.capnp'), `--socket-addr=http=${address}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    return await post(`http://${address}/`, given);
  } finally {
    child.kill('SIGKILL');
  }
}

/** Runs a job in one invocation of a worker, on the machine itself. */
export async function runInWorkerd(binary: string, dir: string, program: Program, site: Site): Promise<Told> {
  const code = await bundleProgram(program, { format: 'esm', use: USE });
  // Boundary: what the program prints.
  return (await postToWorkerd(binary, dir, code, site)) as Told;
}
