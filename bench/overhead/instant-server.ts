import { createServer } from 'node:http';
import type { AxiosAdapter, AxiosResponse } from 'axios';

export const BASE_URL = 'http://127.0.0.1:9/api/v1';
export const CHANGING_URL = 'http://127.0.0.1:9/changing/api/v1';

interface Answer {
  readonly status: number;
  readonly text: string;
}

let created = 0;

let progress = 0;
/** However many jobs take turns, none is shown the same twice running. */
const PRIME = 97;

/** Jobs of it never end; those below `/changing` have made progress whenever they are read. */
function answer(method: string, path: string): Answer {
  if (path.endsWith('/status')) {
    progress = path.startsWith('/changing') ? (progress + 1) % PRIME : 45;
    const text = `{"status":"executing","progress":${progress},"currentStep":"generating_output"}`;
    return { status: 200, text };
  }
  if (path.endsWith('/confirm')) return { status: 202, text: '{"status":"confirming"}' };
  if (path.endsWith('/catalog')) {
    const workflow = { spec_id: 'wf', name: 'A workflow', description: '', supported_input_formats: ['txt'] };
    return { status: 200, text: JSON.stringify([{ ...workflow, required_slots: [] }]) };
  }
  if (method === 'POST') {
    created += 1;
    const job = { jobSpecId: `job_${created}`, status: 'pending', slots: [], itemVersion: 1 };
    return { status: 201, text: JSON.stringify(job) };
  }
  return { status: 404, text: '{"error":"not_found","message":"no such path","code":404}' };
}

const WINDOW_MS = 60_000;

/** The two headers of a fixed window. */
function createWindow(limit: number, now: () => number): () => Record<string, string> {
  let window = 0;
  let used = 0;
  return () => {
    const current = Math.floor(now() / WINDOW_MS);
    if (current !== window) used = 0;
    window = current;
    used += 1;
    const resetAt = (current + 1) * WINDOW_MS;
    return {
      'content-type': 'application/json',
      'x-ratelimit-remaining': String(Math.max(1, limit - used)),
      'x-ratelimit-reset': String(Math.ceil(resetAt / 1_000)),
    };
  };
}

export interface Transport {
  readonly adapter: AxiosAdapter;
  /** Status reads that were answered. */
  reads(): number;
}

/** Answers within the turn, at the least cost: what is measured is the side that asks. */
export function instantTransport(limit: number, now: () => number): Transport {
  const headers = createWindow(limit, now);
  let reads = 0;
  return {
    reads: () => reads,
    async adapter(config) {
      const url = config.url ?? '';
      const path = url.startsWith('http') ? url.slice(url.indexOf('/', 8)) : url;
      if (path.endsWith('/status')) reads += 1;
      const { status, text } = answer((config.method ?? 'get').toUpperCase(), path);
      const response: AxiosResponse = { data: text, status, statusText: '', headers: headers(), config };
      return response;
    },
  };
}

/** The same over real HTTP, in a process of its own. Writes its port to stdout; `/reads` says how many status reads it has answered. */
export function serveInstantly(limit: number): void {
  const headers = createWindow(limit, Date.now);
  let reads = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/reads') {
      response.end(String(reads));
      return;
    }
    if (request.url?.endsWith('/status')) reads += 1;
    const { status, text } = answer(request.method ?? 'GET', request.url ?? '');
    response.writeHead(status, { ...headers(), 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
  });
}
