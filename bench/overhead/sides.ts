import { Agent } from 'node:http';
import { createHttpPoller } from '@azure/core-lro';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
} from '@azure/core-rest-pipeline';
import axios, { type AxiosAdapter, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { createGoalLane } from '../../src/adapters/node/create-node-lane.js';
import type { Clock } from '../../src/engine/binding/clock.js';
import { POLL_MS, sleep } from '../peers/peer.js';

/** Where a side's jobs live. */
export interface SideWorld {
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly jobs: number;
  /** Status reads a minute that the key may do: enough for each job every 2 s. */
  readonly limit: number;
  /** Absent: real HTTP. */
  readonly adapter?: AxiosAdapter;
}

export const SIDES = ['lane', 'lane, each read a change', 'axios loop', 'core-lro'] as const;
export type SideName = (typeof SIDES)[number];

/** Those that take their clock as an option; the others know only the global timers. */
export const isLane = (side: SideName): boolean => side.startsWith('lane');

/** Starts jobs that wait, are read, and wait again, for ever. */
export const START: Readonly<Record<SideName, (world: SideWorld) => void>> = {
  lane: startLane,
  'lane, each read a change': startLane,
  'axios loop': startAxiosLoops,
  'core-lro': startPollers,
};

function startLane({ baseUrl, clock, jobs, limit, adapter }: SideWorld): void {
  const lane = createGoalLane({
    apiKey: 'bench-key',
    baseUrl,
    clock,
    plan: { concurrentJobs: jobs, statusReadsPerMinute: limit, createsPerDay: Number.POSITIVE_INFINITY },
    ...(adapter === undefined ? {} : { adapter }),
    ports: {
      inspectFiles: async ({ handles }) => handles.map((handle) => ({ handle, name: handle, bytes: 3 })),
      uploadFile: async () => ({ fileId: 'file_1' }),
    },
  });
  for (let at = 0; at < jobs; at += 1) lane.start({ workflowId: 'wf', files: ['a.txt'] });
}

function startAxiosLoops({ baseUrl, jobs, adapter }: SideWorld): void {
  const headers = { Authorization: 'Bearer bench-key' };
  const transport = adapter === undefined ? { httpAgent: new Agent({ keepAlive: true }) } : { adapter };
  const client = axios.create({ baseURL: baseUrl, headers, ...transport });
  const loop = async (jobSpecId: string): Promise<void> => {
    for (;;) {
      await sleep(POLL_MS);
      const { data } = await client.get<{ status: string }>(`/jobs/goal/${jobSpecId}/status`);
      if (data.status !== 'executing') return;
    }
  };
  for (let at = 0; at < jobs; at += 1) void loop(`job_${at}`);
}

/** The transport as an `HttpClient`, without axios between. */
function instantClient(adapter: AxiosAdapter): HttpClient {
  return {
    async sendRequest(request) {
      const { url, method } = request;
      const config: InternalAxiosRequestConfig = { url, method, headers: new AxiosHeaders() };
      const { status, data, headers } = await adapter(config);
      // Boundary: the instant transport's headers are plain strings.
      return {
        request,
        status,
        headers: createHttpHeaders(headers as Record<string, string>),
        bodyAsText: data,
      };
    },
  };
}

function startPollers({ baseUrl, jobs, adapter }: SideWorld): void {
  const pipeline = createPipelineFromOptions({});
  const client = adapter === undefined ? createDefaultHttpClient() : instantClient(adapter);
  const sendPollRequest = async (url: string) => {
    const headers = createHttpHeaders({ Authorization: 'Bearer bench-key' });
    const request = createPipelineRequest({ url, method: 'GET', headers, allowInsecureConnection: true });
    const { status, bodyAsText, headers: got } = await pipeline.sendRequest(client, request);
    const body = JSON.parse(bodyAsText ?? '');
    return {
      flatResponse: body,
      rawResponse: { statusCode: status, headers: got.toJSON(), body, request: { method: 'GET', url } },
    };
  };
  for (let at = 0; at < jobs; at += 1) {
    const url = `${baseUrl}/jobs/goal/job_${at}/status`;
    const headers = { 'operation-location': url };
    const rawResponse = { statusCode: 202, headers, body: {}, request: { method: 'POST', url } };
    const sendInitialRequest = async () => ({ flatResponse: {}, rawResponse });
    void createHttpPoller({ sendInitialRequest, sendPollRequest }, { intervalInMs: POLL_MS }).pollUntilDone();
  }
}
