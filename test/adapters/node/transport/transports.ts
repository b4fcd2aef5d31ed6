import axios, { type AxiosAdapter, AxiosHeaders } from 'axios';
import { createNodeTransport } from '../../../../src/adapters/node/index.js';
import { openDiskFile } from '../../../../src/adapters/node/uploads/open-disk-file.js';
import { createGoalClient, type GoalClient, type GoalClientOptions } from '../../../../src/services/index.js';
import type { TestServer } from '../../../support/http-server.js';

export const KEY = 'key-0123456789abcdef';

/** What a host may write: the platform's own fetch. */
const ofHost: AxiosAdapter = async (config) => {
  const body = config.data as NonNullable<RequestInit['body']> | undefined;
  const init = {
    method: (config.method ?? 'get').toUpperCase(),
    headers: config.headers.toJSON() as Record<string, string>,
    redirect: 'manual',
    duplex: 'half',
    ...(body === undefined ? {} : { body }),
    ...(config.signal instanceof AbortSignal ? { signal: config.signal } : {}),
  } satisfies RequestInit & { duplex: string };
  const reply = await fetch(config.url ?? '', init);
  const data = config.responseType === 'stream' ? reply.body : await reply.text();
  return {
    status: reply.status,
    statusText: reply.statusText,
    headers: new AxiosHeaders(Object.fromEntries(reply.headers)),
    config,
    data,
  };
};

type ClientOf = (server: TestServer, options?: GoalClientOptions) => GoalClient;

/** Every way by which a client sends, through the one function that makes clients. */
const BY: ReadonlyArray<readonly [string, () => GoalClientOptions]> = [
  ['axios, as is', () => ({})],
  ['axios’s own', () => ({ adapter: axios.getAdapter('http') })],
  ['fetch', () => ({ fetch: globalThis.fetch })],
  ['ours', () => ({ transport: createNodeTransport({}) })],
  ['a host’s, on fetch', () => ({ adapter: ofHost })],
];

export const TRANSPORTS: ReadonlyArray<readonly [string, ClientOf]> = BY.map(([name, by]) => [
  name,
  (server, options = {}) =>
    createGoalClient({ apiKey: KEY, baseUrl: server.url, openFile: openDiskFile, ...by(), ...options }),
]);
