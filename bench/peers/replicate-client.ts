import Replicate, { type Prediction } from 'replicate';
import { type DownloadBody, type JobBody, type Peer, type PeerWorld, POLL_MS } from './peer.js';
import { fetchOver } from './transports.js';

const WORDS: Readonly<Record<string, string>> = {
  pending: 'starting',
  completed: 'succeeded',
  failed: 'failed',
};

/** `/predictions` is led to the call that means the same, one for one, and the status words are translated. */
function translated({ adapter }: PeerWorld): typeof fetch {
  const send = fetchOver(adapter);
  return async (input, init = {}) => {
    const url = String(input);
    const read = /\/predictions\/([^/]+)$/.exec(url)?.[1];
    if (read === undefined && !url.endsWith('/predictions')) return send(url, init);
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const path = read === undefined ? '/jobs/goal' : `/jobs/goal/${read}/status`;
    const response = await send(url.replace(/\/predictions.*$/, path), {
      ...init,
      ...(body === undefined ? {} : { body: JSON.stringify(body.input) }),
    });
    if (!response.ok) return response;
    const reply = await response.json();
    return Response.json({
      ...reply,
      id: reply.jobSpecId ?? read,
      status: WORDS[reply.status] ?? 'processing',
    });
  };
}

export const replicateClient: Peer = {
  name: 'replicate',
  connect(world) {
    const replicate = new Replicate({
      auth: world.apiKey,
      baseUrl: world.baseUrl,
      fetch: translated(world),
    });
    const request = replicate.request.bind(replicate);
    return async ({ workflowId, fileId }) => {
      const input = { workflowId, fileIds: [fileId] };
      const prediction: Prediction = await replicate.predictions.create({ version: 'goal', input });
      // Boundary: the reply also carries what the emulator said.
      const { itemVersion } = prediction as unknown as JobBody;
      await request(`/jobs/goal/${prediction.id}/confirm`, { method: 'POST', data: { itemVersion } });
      await replicate.wait(prediction, { interval: POLL_MS });
      const response = await request(`/jobs/goal/${prediction.id}/download`, { method: 'GET' });
      // Boundary: the reference's reply to a download request.
      return ((await response.json()) as DownloadBody).url;
    };
  },
};
