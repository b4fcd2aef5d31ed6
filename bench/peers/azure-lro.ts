import { createHttpPoller, type OperationResponse } from '@azure/core-lro';
import {
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import { type DownloadBody, type JobBody, type Peer, type PeerWorld, POLL_MS } from './peer.js';
import { httpClientOver } from './transports.js';

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown>;
}

type Call = (method: 'GET' | 'POST', url: string, body?: object) => Promise<Reply>;

/** A call as the generated Azure clients make it: an unexpected status is a `RestError`. */
function caller({ apiKey, adapter }: PeerWorld): Call {
  const pipeline = createPipelineFromOptions({});
  const client = httpClientOver(adapter);
  return async (method, url, body) => {
    const headers = createHttpHeaders({
      Authorization: `Bearer ${apiKey}`,
      'Content-Type': 'application/json',
    });
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    // The emulator has no TLS.
    const request = createPipelineRequest({ url, method, headers, allowInsecureConnection: true, ...sent });
    const response = await pipeline.sendRequest(client, request);
    if (response.status >= 400) {
      throw new RestError(`status ${response.status}`, { statusCode: response.status, request, response });
    }
    // Boundary: the emulator's replies are objects.
    const parsed = JSON.parse(response.bodyAsText || '{}') as Record<string, unknown>;
    return { status: response.status, headers: response.headers.toJSON(), body: parsed };
  };
}

/** The word that core-lro waits for is `succeeded`; `completed` it would take for running, and never end. */
const asPolled = (url: string, { status, headers, body }: Reply): OperationResponse => {
  const word = body.status === 'completed' ? 'succeeded' : String(body.status);
  const error = { code: 'failed', message: String(body.error) };
  const translated = { ...body, status: word, ...(word === 'failed' ? { error } : { error: undefined }) };
  const request = { method: 'GET', url };
  return {
    flatResponse: translated,
    rawResponse: { statusCode: status, headers, body: translated, request },
  };
};

export const azureLro: Peer = {
  name: '@azure/core-lro + core-rest-pipeline',
  connect(world) {
    const call = caller(world);
    const jobs = `${world.baseUrl}/jobs/goal`;
    return async ({ workflowId, fileId }) => {
      const created = await call('POST', jobs, { workflowId, fileIds: [fileId] });
      // Boundary: the reference's reply to a create.
      const { jobSpecId, itemVersion } = created.body as unknown as JobBody;
      const job = `${jobs}/${jobSpecId}`;
      const poller = createHttpPoller(
        {
          async sendInitialRequest() {
            const { status } = await call('POST', `${job}/confirm`, { itemVersion });
            const headers = { 'operation-location': `${job}/status` };
            const request = { method: 'POST', url: `${job}/confirm` };
            return { flatResponse: {}, rawResponse: { statusCode: status, headers, body: {}, request } };
          },
          sendPollRequest: async (url) => asPolled(url, await call('GET', url)),
        },
        { intervalInMs: POLL_MS },
      );
      await poller.pollUntilDone();
      const { body } = await call('GET', `${job}/download`);
      // Boundary: the reference's reply to a download request.
      return (body as unknown as DownloadBody).url;
    };
  },
};
