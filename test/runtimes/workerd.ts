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

/** The site is posted once the worker listens, and only then. */
async function post(url: string, site: Site): Promise<Told> {
  const body = JSON.stringify(site);
  for (let tries = 0; ; tries += 1) {
    const reply = await fetch(url, { method: 'POST', body }).catch(() => undefined);
    if (reply?.ok) return (await reply.json()) as Told;
    if (reply !== undefined) throw new Error(`the worker answered ${reply.status}: ${await reply.text()}`);
    if (tries > 200) throw new Error('the worker does not listen');
    await sleep(50);
  }
}

/** Runs a job in one invocation of a worker, on the machine itself. */
export async function runInWorkerd(binary: string, dir: string, program: Program, site: Site): Promise<Told> {
  await writeFile(join(dir, 'worker.mjs'), await bundleProgram(program, { format: 'esm', use: USE }));
  await writeFile(join(dir, 'worker.capnp'), CONFIG);
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(binary, ['serve', join(dir, 'worker.capnp'), `--socket-addr=http=${address}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    return await post(`http://${address}/`, site);
  } finally {
    child.kill('SIGKILL');
  }
}
