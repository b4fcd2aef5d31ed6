import { type IncomingHttpHeaders, request } from 'node:http';

export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request with headers that `fetch` does not let anybody set, such as Host and Origin. */
export function rawRequest(
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array;
  } = {},
): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { method, headers, agent: false }, async (reply) => {
      const parts: Buffer[] = [];
      for await (const part of reply) parts.push(part);
      const text = Buffer.concat(parts).toString();
      resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text });
    });
    sending.on('error', reject);
    sending.end(body);
  });
}
