import { createNodeTransport } from '../../src/adapters/node/index.js';
import { createGoalClient, type GoalClient, type GoalClientOptions } from '../../src/services/index.js';
import { type Handler, serve, type TestServer } from '../support/http-server.js';

export const KEY = 'key-0123456789abcdef';

export interface Sample {
  readonly client: GoalClient;
  readonly server: TestServer;
  close(): Promise<void>;
}

/** A client of a server that was written for one test; the base URL has the slash at its end that people leave there. */
export async function sample(
  handler: Handler,
  options: Partial<GoalClientOptions> & { readonly readsBody?: boolean } = {},
): Promise<Sample> {
  const { readsBody = true, ...more } = options;
  const server = await serve(handler, { readsBody });
  const baseUrl = `${server.url}/api/v1/`;
  const client = createGoalClient({ apiKey: KEY, baseUrl, transport: createNodeTransport(), ...more });
  return {
    client,
    server,
    async close() {
      client.close();
      await server.close();
    },
  };
}

/** Runs with a sample and closes it, whatever happens. */
export async function withSample<Value>(
  handler: Handler,
  use: (sample: Sample) => Promise<Value>,
  options: Parameters<typeof sample>[1] = {},
): Promise<Value> {
  const made = await sample(handler, options);
  try {
    return await use(made);
  } finally {
    await made.close();
  }
}
