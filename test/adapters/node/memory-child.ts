import { stat } from 'node:fs/promises';
import { createNodeClient, createNodePorts } from '../../../src/adapters/node/index.js';

/** Sends a file or saves a result in a process of its own, and prints by how many bytes that process grew at most. */
const [way = '', origin = '', path = ''] = process.argv.slice(2);
const client = createNodeClient({ apiKey: 'key-0123456789abcdef', baseUrl: origin });
const ports = createNodePorts({ client, outDir: path });
const options = { signal: new AbortController().signal, jobId: 'a' };

// The transport is loaded with the first request; what it takes itself, once, is not what a transfer takes.
await client.fetchResult({ url: `${origin}/little` }).then(async ({ chunks }) => {
  for await (const _chunk of chunks);
});

const before = process.memoryUsage().rss;
let peak = before;
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 5);

if (way === 'up') {
  const { size } = await stat(path);
  await ports.uploadFile({ file: { handle: path, name: 'big.bin', bytes: size } }, options);
} else {
  await ports.saveResult({ jobSpecId: 'big', download: { url: `${origin}/result.txt` } }, options);
}
clearInterval(timer);
client.close();
process.stdout.write(JSON.stringify({ grown: Math.max(peak, process.memoryUsage().rss) - before }));
