import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConsoleOptions,
  createRequestLog,
  type RunningConsole,
  startConsole,
} from '../../../src/adapters/console/index.js';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../src/adapters/emulator/index.js';
import { createMemoryStore, type JobStore } from '../../../src/engine/store/index.js';
import { createGoalLane, type GoalLane } from '../../../src/index.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Uint8Array;
}

export interface ConsoleSite {
  readonly served: RunningConsole;
  readonly lane: GoalLane;
  readonly emulator: Emulator;
  readonly folder: string;
  readonly origin: string;
  /** With exactly these headers, and the Host that is given. */
  readonly send: (path: string, sent?: Sent) => Promise<Answer>;
  /** As the page itself sends. */
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Answer>;
  readonly upload: (id: string, name: string, content: string | Uint8Array) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/** One request as raw as Node lets it be. */
export function rawRequest(origin: string, path: string, { method = 'GET', headers = {}, body }: Sent = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const call = request(
      { hostname: hostname.replace(/[[\]]/g, ''), port, path, method, headers },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          }),
        );
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** What several consoles share; it stays when one of them is closed, but for the store. */
export interface SharedGround {
  readonly folder: string;
  readonly emulator: Emulator;
  readonly store: JobStore;
}

/** A console over a lane over an emulator, all in this process. */
export async function openSite(
  options: Partial<ConsoleOptions> = {},
  ground: EmulatorOptions | SharedGround = {},
): Promise<ConsoleSite> {
  const shared = 'emulator' in ground ? ground : undefined;
  const folder = shared?.folder ?? (await mkdtemp(join(tmpdir(), 'goal-lane-console-')));
  const emulator = shared?.emulator ?? (await startEmulator({ speed: 20, ...ground }));
  const store = shared?.store ?? createMemoryStore();
  const requests = createRequestLog(Date.now);
  const { apiKey, baseUrl } = emulator;
  const lane = createGoalLane({
    apiKey,
    baseUrl,
    store,
    outDir: join(folder, 'results'),
    onRequest: requests.add,
  });
  const served = await startConsole({
    source: lane,
    requests,
    port: 0,
    uploadsDir: join(folder, 'uploads'),
    about: { version: '0.0.0', isDemo: false, apiHost: 'test', store: 'memory', outDir: folder },
    ...options,
  });
  const origin = `http://127.0.0.1:${served.port}`;
  const ours = { Origin: origin, 'X-Goal-Lane': '1', 'Sec-Fetch-Site': 'same-origin' };
  const send: ConsoleSite['send'] = (path, sent) => rawRequest(origin, path, sent);
  return {
    served,
    lane,
    emulator,
    folder,
    origin,
    send,
    ask: (method, path, body) =>
      send(path, {
        method,
        headers: { ...ours, ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }) },
        ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
      }),
    upload: (id, name, content) =>
      send(`/api/uploads/${id}`, {
        method: 'PUT',
        headers: {
          ...ours,
          'Content-Type': 'application/octet-stream',
          'X-File-Name': encodeURIComponent(name),
          'Content-Length': String(Buffer.byteLength(content)),
        },
        body: content,
      }),
    async close() {
      await served.close();
      await lane.close();
      await store.close();
      if (shared !== undefined) return;
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
