import type { IncomingMessage } from 'node:http';

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

export interface Part {
  readonly name: string | undefined;
  readonly filename: string | undefined;
  readonly bytes: Buffer;
}

/** The parts of a multipart/form-data body, or why it is none. */
export function partsOf(contentType: string, body: Buffer): readonly Part[] | string {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return `content type is ${contentType || '(none)'}, not multipart/form-data`;
  const marker = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let at = body.indexOf(marker);
  while (at >= 0) {
    const start = at + marker.length;
    if (body.subarray(start, start + 2).toString() === '--') return parts;
    const next = body.indexOf(marker, start);
    if (next < 0) break;
    const headEnd = body.indexOf('\r\n\r\n', start);
    const head = body.subarray(start, headEnd).toString();
    parts.push({
      name: /[; ]name="([^"]*)"/i.exec(head)?.[1],
      filename: /filename="([^"]*)"/i.exec(head)?.[1],
      bytes: body.subarray(headEnd + 4, next - 2),
    });
    at = next;
  }
  return 'the multipart body has no end';
}

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON object of a request, or why it is none. */
export function jsonOf(contentType: string, body: Buffer): Fields | string {
  if (!/^application\/json\b/i.test(contentType))
    return `content type is ${contentType || '(none)'}, not JSON`;
  try {
    const value: unknown = JSON.parse(body.toString());
    return isFields(value) ? value : 'the body is no object';
  } catch {
    return 'the body is not JSON';
  }
}
