import { get, type IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';
import { createWebSocketReceiver } from '@statelyai/inspect';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createSocketInspector, type SocketInspector } from '../../../src/adapters/inspector/node.js';
import { fieldsOf } from '../../../src/adapters/inspector/visible.js';
import { MARK, planted, runPlanted, scenarios } from './planted-job.js';

const open: SocketInspector[] = [];
const clients: WebSocket[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  for (const inspector of open.splice(0)) await inspector.close();
});

async function start(options: Parameters<typeof createSocketInspector>[0] = {}): Promise<SocketInspector> {
  const inspector = await createSocketInspector(options);
  open.push(inspector);
  return inspector;
}

interface Client {
  readonly texts: string[];
  readonly until: (wanted: (text: string) => boolean) => Promise<void>;
}

/** A real WebSocket client that keeps every byte it was sent. */
function connect(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(url, { headers });
  clients.push(socket);
  const texts: string[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    texts.push(String(data));
    for (const look of waiting) look();
  });
  const until: Client['until'] = (wanted) =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!texts.some(wanted)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve({ texts, until }));
    socket.once('error', reject);
  });
}

const wholeWay = () => {
  const scenario = scenarios['a job to its saved result'];
  if (scenario === undefined) throw new Error('the scenario is gone');
  return scenario;
};

const isEnd = (text: string): boolean => {
  const { type, snapshot } = fieldsOf(JSON.parse(text));
  return type === '@xstate.snapshot' && fieldsOf(snapshot).value === 'completed';
};

/** The states that the job was seen in, each once where it stayed. */
function statesIn(texts: readonly string[]): string[] {
  const seen = texts
    .map((text): unknown => fieldsOf(fieldsOf(JSON.parse(text)).snapshot).value)
    .filter((value) => value !== undefined)
    .map((value) => JSON.stringify(value));
  return seen.filter((value, index) => value !== seen[index - 1]);
}

describe('a job in Node, watched over a real WebSocket', () => {
  test('is seen live from its definition to its end, without a secret in any byte', async () => {
    const inspector = await start();
    const client = await connect(inspector.socketUrl);
    await runPlanted(wholeWay(), inspector.inspect);
    await client.until(isEnd);
    expect(JSON.parse(client.texts[0] ?? '{}')).toMatchObject({ type: '@xstate.actor', name: 'the-job' });
    const states = statesIn(client.texts);
    expect(states).toEqual(
      expect.arrayContaining([
        '{"preparing":"rateLimited"}',
        '{"slot_needed":"awaitingSlots"}',
        '"completed"',
      ]),
    );
    expect(states.length).toBeGreaterThan(15);
    expect(client.texts.join('\n').toUpperCase().includes(MARK)).toBe(false);
  });

  test('is shown in full to somebody who comes when it is over', async () => {
    const inspector = await start();
    await runPlanted(wholeWay(), inspector.inspect);
    const client = await connect(inspector.socketUrl);
    await client.until(isEnd);
    expect(JSON.parse(client.texts[0] ?? '{}')).toMatchObject({
      type: '@xstate.actor',
      definition: expect.stringContaining('"awaitingSlots"'),
      snapshot: { status: 'done' },
    });
  });

  test('is understood by the receiver of the Stately inspector', async () => {
    const inspector = await start();
    const receiver = createWebSocketReceiver({ server: inspector.socketUrl });
    const types = new Set<string>();
    const ended = new Promise<void>((resolve) => {
      receiver.subscribe((event) => {
        types.add(event.type);
        if ('snapshot' in event && fieldsOf(event.snapshot).value === 'completed') resolve();
      });
    });
    await runPlanted(wholeWay(), inspector.inspect);
    await ended;
    expect([...types].sort()).toEqual(['@xstate.actor', '@xstate.event', '@xstate.snapshot']);
  });

  test('the values of slots are shown only if asked for', async () => {
    const inspector = await start({ slotValues: true });
    await runPlanted(wholeWay(), inspector.inspect);
    const client = await connect(inspector.socketUrl);
    await client.until(isEnd);
    const bytes = client.texts.join('\n');
    expect(bytes.includes(planted.submitted)).toBe(true);
    expect(bytes.includes(planted.preview) || bytes.includes(planted.url)).toBe(false);
  });
});

describe('who may listen', () => {
  test('it listens on one address of the loopback, not on every interface', async () => {
    const inspector = await start();
    const { hostname, port } = new URL(inspector.url);
    expect(hostname).toBe('127.0.0.1');
    const elsewhere = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address);
    for (const address of [...elsewhere, ...(process.platform === 'linux' ? ['127.0.0.2'] : [])])
      await expect(connect(`ws://${address}:${port}/`, { Host: `127.0.0.1:${port}` })).rejects.toThrow(
        'ECONNREFUSED',
      );
  });

  test.each(['0.0.0.0', '::', '192.168.1.5', 'example.test', '', 5, null])(
    '%j is refused as an address to listen on',
    async (host) => {
      // @ts-expect-error: what no type check has seen
      await expect(start({ host })).rejects.toThrow('loopback only');
    },
  );

  test.each([-1, 65_536, 1.5, Number.NaN, '80', '/tmp/pipe'])('the port %j is refused', async (port) => {
    // @ts-expect-error: what no type check has seen
    await expect(start({ port })).rejects.toThrow('not a whole number from 0 to 65535');
  });

  test('localhost is of the loopback', async () => {
    const inspector = await start({ host: 'localhost' });
    expect(new URL(inspector.url).hostname).toMatch(/^(127\.0\.0\.1|\[::1\])$/);
    expect((await page(inspector.url)).status).toBe(200);
  });

  test.each(['https://evil.test', 'http://127.0.0.1:1', 'null'])('a page of %s may not', async (origin) => {
    const inspector = await start();
    await expect(connect(inspector.socketUrl, { Origin: origin })).rejects.toThrow('401');
  });

  test('its own page may, and one that was named', async () => {
    const inspector = await start({ origins: ['https://inspector.example'] });
    await connect(inspector.socketUrl, { Origin: inspector.url.replace(/\/$/, '') });
    await connect(inspector.socketUrl, { Origin: 'https://inspector.example' });
  });

  test('a DNS name that was turned to the loopback may not', async () => {
    const inspector = await start();
    await expect(connect(inspector.socketUrl, { Host: 'rebound.test' })).rejects.toThrow('401');
    expect((await page(inspector.url, { Host: 'rebound.test' })).status).toBe(404);
  });
});

function page(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; csp: string; body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response: IncomingMessage) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          csp: String(response.headers['content-security-policy']),
          body: Buffer.concat(parts).toString(),
        }),
      );
    }).on('error', reject);
  });
}

describe('its page', () => {
  test('lets nothing in or out but its own socket', async () => {
    const inspector = await start();
    const { status, csp, body } = await page(inspector.url);
    expect(status).toBe(200);
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain(`connect-src ${inspector.socketUrl.replace(/\/$/, '')};`);
    expect(body).not.toMatch(/<(?:iframe|link|img|script src)/);
  });

  test('a port that is taken is reported', async () => {
    const inspector = await start();
    await expect(createSocketInspector({ port: Number(new URL(inspector.url).port) })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});
