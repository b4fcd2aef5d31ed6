import { createFalClient } from '@fal-ai/client';
import { type DownloadBody, type JobBody, type Peer, type PeerWorld, POLL_MS } from './peer.js';
import { fetchOver } from './transports.js';

const WORDS: Readonly<Record<string, string>> = { pending: 'IN_QUEUE', completed: 'COMPLETED' };

/** The client knows only the addresses and words of its own queue: each request is led to the call that means the same, one for one. */
function translated({ baseUrl, apiKey, adapter }: PeerWorld): typeof fetch {
  const send = fetchOver(adapter);
  const jobs = `${baseUrl}/jobs/goal`;
  const target = (path: string): string => {
    const [, id, status] = /\/requests\/([^/]+)(\/status)?$/.exec(path) ?? [];
    if (id !== undefined) return status === undefined ? `${jobs}/${id}/download` : `${jobs}/${id}/status`;
    const confirmed = /^\/goal\/confirm\/([^/]+)/.exec(path)?.[1];
    return confirmed === undefined ? jobs : `${jobs}/${confirmed}/confirm`;
  };
  return async (input, init = {}) => {
    const { pathname } = new URL(String(input));
    const headers = { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${apiKey}` };
    const response = await send(target(pathname), { ...init, headers });
    if (!response.ok) return response;
    const body = await response.json();
    const status = WORDS[body.status] ?? 'IN_PROGRESS';
    const id = body.jobSpecId === undefined ? {} : { request_id: body.jobSpecId };
    return Response.json({ ...body, ...id, ...(pathname.endsWith('/status') ? { status } : {}) });
  };
}

export const falQueue: Peer = {
  name: '@fal-ai/client',
  connect(world) {
    const fal = createFalClient({ credentials: 'unused', fetch: translated(world) });
    return async ({ workflowId, fileId }) => {
      const input = { workflowId, fileIds: [fileId] };
      const queued = await fal.queue.submit('goal/jobs', { input });
      // Boundary: the reply also carries what the emulator said.
      const { itemVersion } = queued as unknown as JobBody;
      const requestId = queued.request_id;
      await fal.queue.submit(`goal/confirm/${requestId}`, { input: { itemVersion } });
      await fal.queue.subscribeToStatus('goal/jobs', { requestId, mode: 'polling', pollInterval: POLL_MS });
      const { data } = await fal.queue.result('goal/jobs', { requestId });
      // Boundary: the reference's reply to a download request.
      return (data as unknown as DownloadBody).url;
    };
  },
};
