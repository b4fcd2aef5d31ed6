import { createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createNodeClient } from '../../../src/adapters/node/index.js';
import { isGoalLaneError } from '../../../src/services/errors/goal-lane-error.js';

afterEach(() => vi.unstubAllEnvs());

describe('a proxy that closes instead of answering CONNECT', () => {
  it('is tried once a request, and nothing counts as sent', async () => {
    let connections = 0;
    const proxy = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${port}`);
    vi.stubEnv('NO_PROXY', '');
    const client = createNodeClient({
      apiKey: 'key-0123456789',
      baseUrl: 'https://api.example.test/api/v1',
      requestTimeoutMs: 3_000,
    });
    const error: unknown = await client
      .createJob({ workflowId: 'wf', fileIds: ['f'] })
      .catch((thrown: unknown) => thrown);
    client.close();
    proxy.close();
    expect(connections).toBe(1);
    expect(isGoalLaneError(error) && error.toJSON()).toMatchObject({ kind: 'network', delivery: 'not-sent' });
  });
});
