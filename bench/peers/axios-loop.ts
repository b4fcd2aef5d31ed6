import axios, { type AxiosInstance } from 'axios';
import axiosRetry, { exponentialDelay, isRetryableError } from 'axios-retry';
import { type DownloadBody, type JobBody, type Peer, POLL_MS, type StatusBody, sleep } from './peer.js';

async function follow(client: AxiosInstance, jobSpecId: string): Promise<void> {
  for (;;) {
    await sleep(POLL_MS);
    const reply = await client.get<StatusBody>(`/jobs/goal/${jobSpecId}/status`).catch(() => undefined);
    // What axios-retry gave up on is asked again at the next turn.
    if (reply?.data.status === 'completed') return;
    if (reply?.data.status === 'failed') throw new Error(reply.data.error);
  }
}

function connected(client: AxiosInstance): ReturnType<Peer['connect']> {
  return async ({ workflowId, fileId }) => {
    const { data: job } = await client.post<JobBody>('/jobs/goal', { workflowId, fileIds: [fileId] });
    const { jobSpecId, itemVersion } = job;
    await client.post(`/jobs/goal/${jobSpecId}/confirm`, { itemVersion });
    await follow(client, jobSpecId);
    const { data } = await client.get<DownloadBody>(`/jobs/goal/${jobSpecId}/download`);
    return data.url;
  };
}

const loop = (name: string, repeatsPosts: boolean): Peer => ({
  name,
  connect({ baseUrl, apiKey, adapter }) {
    const headers = { Authorization: `Bearer ${apiKey}` };
    const client = axios.create({ baseURL: baseUrl, adapter, headers, timeout: 30_000 });
    axiosRetry(client, {
      retries: 5,
      retryDelay: (count, error) => exponentialDelay(count, error, 1_000),
      ...(repeatsPosts ? { retryCondition: isRetryableError } : {}),
    });
    return connected(client);
  },
});

/** The loop that people write: a poll every 2 s, and axios-retry. */
export const axiosLoop = loop('2 s loop, axios + axios-retry', false);
/** The same, configured to repeat a POST as well. */
export const eagerAxiosLoop = loop('2 s loop, axios-retry on POSTs too', true);
