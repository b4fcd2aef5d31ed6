import type { ServerResponse } from 'node:http';
import { type SeenRequest, serve, type TestServer } from '../../support/http-server.js';

export interface StoragePlan {
  content: Buffer;
  etag?: string | undefined;
  /** Per request, from the first: how many bytes come before the connection breaks. */
  cuts?: (number | undefined)[];
  /** How many bytes come before nothing comes any more, the connection being open. */
  holdsAfter?: number | undefined;
  ignoresRange?: boolean;
  /** Sends the range that is asked for, whatever has become of the object since. */
  ignoresIfRange?: boolean;
  /** No Content-Length. */
  isChunked?: boolean;
  /** Answers every request so, instead. */
  refusal?: { status: number; body?: string; headers?: Record<string, string> } | undefined;
  /** Says another start than it was asked for. */
  liesAboutRange?: boolean;
}

function rangeOf(plan: StoragePlan, { headers }: SeenRequest): number | undefined {
  const from = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
  const ifRange = headers['if-range'];
  const hasChanged = ifRange !== undefined && ifRange !== plan.etag && !plan.ignoresIfRange;
  if (from === undefined || plan.ignoresRange || hasChanged) return undefined;
  return Number(from);
}

function head(
  plan: StoragePlan,
  from: number | undefined,
): { status: number; headers: Record<string, string> } {
  const total = plan.content.length;
  const etag: Record<string, string> = plan.etag === undefined ? {} : { ETag: plan.etag };
  if (from === undefined) {
    return {
      status: 200,
      headers: { ...etag, ...(plan.isChunked ? {} : { 'Content-Length': String(total) }) },
    };
  }
  if (from >= total) return { status: 416, headers: { 'Content-Range': `bytes */${total}` } };
  const start = plan.liesAboutRange ? from + 1 : from;
  const range = { 'Content-Range': `bytes ${start}-${total - 1}/${total}` };
  return { status: 206, headers: { ...etag, ...range, 'Content-Length': String(total - from) } };
}

async function send(response: ServerResponse, body: Buffer, cut: number | undefined) {
  if (cut === undefined) return void response.end(body);
  await new Promise<void>((resolve) => response.write(body.subarray(0, cut), () => resolve()));
  // Time for the bytes to arrive before the connection breaks.
  setTimeout(() => response.socket?.end(), 20);
}

/** A store for one object, after the plan that the test changes as it goes. */
export function storageServer(plan: StoragePlan): Promise<TestServer> {
  return serve((request, response) => {
    if (plan.refusal !== undefined) {
      const { status, body = '', headers = {} } = plan.refusal;
      return void response.writeHead(status, headers).end(body);
    }
    const from = rangeOf(plan, request);
    const { status, headers } = head(plan, from);
    response.writeHead(status, headers);
    if (plan.holdsAfter !== undefined) return void response.write(plan.content.subarray(0, plan.holdsAfter));
    return send(
      response,
      status === 416 ? Buffer.alloc(0) : plan.content.subarray(from ?? 0),
      plan.cuts?.shift(),
    );
  });
}
