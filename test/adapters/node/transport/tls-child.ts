import { createNodeClient } from '../../../../src/adapters/node/index.js';

/** Polls, creates and fetches over TLS in a process of its own, with the trust settings of its start, and prints the results. */
const [baseUrl = '', polls = '0'] = process.argv.slice(2);
const client = createNodeClient({ apiKey: 'key-0123456789abcdef', baseUrl, requestTimeoutMs: 20_000 });
const job = { jobSpecId: 'job_1' };
try {
  for (let n = 0; n < Number(polls); n += 1) await client.getStatus(job);
  const created = await client.createJob({ workflowId: 'w', fileIds: ['f'] });
  let bytes = 0;
  const { chunks } = await client.fetchResult({ url: `${baseUrl}/output.zip` });
  for await (const chunk of chunks) bytes += chunk.length;
  process.stdout.write(JSON.stringify({ jobSpecId: created.jobSpecId, bytes }));
} catch (error) {
  process.stdout.write(JSON.stringify({ failure: error }));
}
client.close();
