import type { AxiosAdapter, AxiosResponse } from 'axios';
import { errorCode } from '../../../services/errors/failure-from-transport.js';
import { isGoalLaneError } from '../../../services/errors/goal-lane-error.js';
import type { Failure } from '../../../services/failure.js';
import type { HeaderMap } from '../../../services/limits/rate-headers.js';
import { createNodeClient, type NodeClientOptions } from '../../node/create-node-client.js';
import { createNodeTransport } from '../../node/transport/create-node-transport.js';
import type { CliIo } from '../cli-io.js';

/** The result of one GET of the catalog. Times are epoch ms of the wall clock. */
export interface Answer {
  readonly sentAt: number;
  readonly receivedAt: number;
  /** In ms, until the last byte. */
  readonly latencyMs: number;
  /** Headers of the last reply, if any; names in lower case. */
  readonly headers?: HeaderMap;
  readonly status?: number;
  /** Number of workflows in the catalog, if it could be read. */
  readonly workflows?: number;
  readonly failure?: Failure;
  /** The code of the innermost error, if there was no reply. */
  readonly errorCode?: string;
}

interface Asking extends Pick<NodeClientOptions, 'apiKey' | 'trace'> {
  readonly baseUrl: string;
}

const plainHeaders = ({ headers }: AxiosResponse): HeaderMap =>
  Object.fromEntries(Object.entries({ ...headers }).map(([name, value]) => [name.toLowerCase(), value]));

/** Sends one request with the key, and records what the client does not report: headers, times and the error's code. */
export async function askApi(
  { env, interruption }: Pick<CliIo, 'env' | 'interruption'>,
  { apiKey, baseUrl, trace }: Asking,
): Promise<Answer> {
  const transport = createNodeTransport(env);
  let reply: AxiosResponse | undefined;
  let code: string | undefined;
  const watched: AxiosAdapter = async (config) => {
    try {
      reply = await transport.adapter(config);
      return reply;
    } catch (error) {
      code = errorCode(error);
      throw error;
    }
  };
  const client = createNodeClient({
    apiKey,
    baseUrl,
    trace,
    transport: { adapter: watched, close: transport.close },
  });
  const sentAt = Date.now();
  const startedAt = performance.now();
  const outcome = await client
    .loadCatalog({}, { signal: interruption.signal })
    .then((catalog) => ({ workflows: catalog.length }))
    .catch((error: unknown) => {
      if (!isGoalLaneError(error)) throw error;
      return { failure: error.toJSON() };
    })
    .finally(() => client.close());
  return {
    sentAt,
    receivedAt: Date.now(),
    latencyMs: performance.now() - startedAt,
    ...(reply === undefined ? {} : { headers: plainHeaders(reply), status: reply.status }),
    ...(code === undefined ? {} : { errorCode: code }),
    ...outcome,
  };
}
