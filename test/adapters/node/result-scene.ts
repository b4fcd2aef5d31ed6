import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeClient, createNodePorts } from '../../../src/adapters/node/index.js';
import type { SavedResult } from '../../../src/machines/ports.js';
import { serve, type TestServer } from '../../support/http-server.js';

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export interface Save {
  readonly filename?: string | undefined;
  readonly id?: string;
  readonly key?: string;
  readonly baseUrl?: string;
  readonly url?: string;
}

type Answer = (response: ServerResponse, headers: IncomingHttpHeaders) => void;

/** A folder, and a storage that answers each request with the next of its answers, the last one again and again. */
export interface ResultScene {
  readonly out: string;
  readonly storage: TestServer;
  answers: Answer[];
  /** One call of the port, by a process that has made none before. */
  save(more?: Save): Promise<SavedResult>;
  /** The port of one process, for several calls. */
  port(more?: Save): (again?: Save) => Promise<SavedResult>;
  files(): Promise<string[]>;
  close(): Promise<void>;
}

export async function resultScene(): Promise<ResultScene> {
  const dir = await mkdtemp(join(tmpdir(), 'goal-lane-result-'));
  const out = join(dir, 'out');
  let given = 0;
  const storage = await serve(({ headers }, response) => {
    const answer = scene.answers[Math.min(given, scene.answers.length - 1)];
    given += 1;
    answer?.(response, headers);
  });
  const clients: { close(): void }[] = [];
  const port = ({ key = 'key-0123456789abcdef', baseUrl = storage.url }: Save = {}) => {
    const client = createNodeClient({ apiKey: key, baseUrl, stallTimeoutMs: 5_000 });
    clients.push(client);
    const { saveResult } = createNodePorts({ client, outDir: out });
    return (more: Save = {}) => {
      const { id = 'job_789', url = `${storage.url}/b/object?X-Amz-Signature=SIGNATURE-1` } = more;
      const filename = 'filename' in more ? more.filename : 'output.zip';
      const download = { url, ...(filename === undefined ? {} : { filename }) };
      return saveResult({ jobSpecId: id, download }, { signal: new AbortController().signal, jobId: 'a' });
    };
  };
  const scene: ResultScene = {
    out,
    storage,
    answers: [],
    port,
    save: (more = {}) => port(more)(more),
    files: async () => (await readdir(out)).sort(),
    async close() {
      for (const client of clients) client.close();
      await storage.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return scene;
}

/** A reply with its length. */
export const whole =
  (body: Buffer | string, headers: Record<string, string> = {}, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...headers });
    response.end(body);
  };

/** A reply that ends where its connection does: nothing says that it is whole. */
export const undelimited =
  (body: Buffer | string, headers: Record<string, string> = {}): Answer =>
  (response) => {
    const lines = Object.entries({ Connection: 'close', ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    response.socket?.write(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`);
    response.socket?.end(body);
  };

/** A reply that breaks off. */
export const cut =
  (body: Buffer, at: number, headers: Record<string, string> = {}, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'Content-Length': body.length, ...headers });
    response.write(body.subarray(0, at), () => setTimeout(() => response.socket?.destroy(), 100));
  };
