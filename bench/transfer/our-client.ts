import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createNodeClient } from '../../src/adapters/node/create-node-client.js';
import { createNodePorts } from '../../src/adapters/node/create-node-ports.js';
import type { JobPorts } from '../../src/machines/ports.js';
import { measured, type Transfer } from './measured.js';

const WARMING = 8;
const options = () => ({ signal: new AbortController().signal, jobId: 'bench' });

async function upload(ports: JobPorts, path: string): Promise<void> {
  const { size, mtimeMs } = statSync(path);
  const file = { handle: path, name: basename(path), bytes: size, modifiedAt: Math.trunc(mtimeMs) };
  await ports.uploadFile({ file }, options());
}

async function download(ports: JobPorts, url: string): Promise<void> {
  await ports.saveResult({ jobSpecId: 'job_1', download: { url, filename: 'ours.bin' } }, options());
}

/** One transfer by a fresh process through the very ports that a job uses, after a few small ones that load the code. */
export async function transferOurs(
  direction: 'up' | 'down',
  origin: string,
  dir: string,
  bytes: number,
): Promise<Transfer> {
  const client = createNodeClient({ apiKey: 'bench-key', baseUrl: `${origin}/api/v1` });
  const ports = createNodePorts({ client, outDir: join(dir, 'ours') });
  const run = (size: number): Promise<void> =>
    direction === 'up'
      ? upload(ports, join(dir, size === bytes ? 'large.bin' : 'small.bin'))
      : download(ports, `${origin}/result/${size}`);
  // The first ones load and compile the code.
  for (let turn = 0; turn < WARMING; turn += 1) await run(1024 * 1024);
  const transfer = await measured(() => run(bytes));
  client.close();
  return transfer;
}
