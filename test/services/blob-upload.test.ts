import { createHash, randomBytes } from 'node:crypto';
import axios from 'axios';
import busboy from 'busboy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../src/adapters/node/index.js';
import { blobUploadBody, createGoalClient, type GoalClientOptions } from '../../src/services/index.js';
import { failureOf } from '../support/failure-of.js';
import { json, serve, type TestServer } from '../support/http-server.js';

const KEY = 'key-0123456789abcdef';
const content = randomBytes(2_000_000);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Received {
  readonly field: string;
  readonly name: string;
  readonly sha256: string;
}

let received: Received[] = [];
let server: TestServer;

beforeEach(async () => {
  received = [];
  server = await serve(
    (_request, response, raw) => {
      // As an API would: what is no form of its own is refused.
      const form = busboy({ headers: raw.headers, defParamCharset: 'utf8' });
      form.on('file', async (field, stream, { filename = '' }) => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk);
        received.push({ field, name: filename, sha256: sha256(Buffer.concat(chunks)) });
        json(response, 200, { file_id: 'file_1' });
      });
      raw.pipe(form);
    },
    { readsBody: false },
  );
});

afterEach(() => server.close());

/** How a Blob may leave: what edge runtimes have, what Node has, and what we have for it. */
const ways: ReadonlyArray<[string, () => Partial<GoalClientOptions>]> = [
  ['axios’s fetch adapter', () => ({ adapter: axios.getAdapter('fetch') })],
  ['axios’s http adapter', () => ({ adapter: axios.getAdapter('http') })],
  ['axios’s choice', () => ({})],
  ['the transport of Node', () => ({ transport: createNodeTransport({}) })],
];

describe.each(ways)('a Blob as an upload, over %s', (_name, optionsOf) => {
  const upload = async (blob: Blob, name: string) => {
    const client = createGoalClient({ apiKey: KEY, baseUrl: server.url, ...optionsOf() });
    const file = { handle: name, name, bytes: blob.size };
    try {
      return await client.uploadFile({ file, open: async () => blobUploadBody(blob, name) });
    } finally {
      client.close();
    }
  };

  it('is a form with its own boundary, which a server reads', async () => {
    expect(await upload(new Blob([content]), 'cv.pdf')).toEqual({ fileId: 'file_1' });
    expect(received).toEqual([{ field: 'file', name: 'cv.pdf', sha256: sha256(content) }]);
    expect(server.seen[0]?.headers['content-type']).toMatch(/^multipart\/form-data; ?boundary=/);
  });

  it.each(['a "quoted" name.pdf', 'line\r\nbreak.pdf', 'Übersicht 汉.pdf', 'semi;colon=x.pdf'])(
    'keeps the name %j',
    async (name) => {
      await upload(new Blob([content], { type: 'application/pdf' }), name);
      expect(decodeURIComponent(received[0]?.name ?? '')).toBe(name);
    },
  );

  it('may be empty', async () => {
    await upload(new Blob([]), 'empty.txt');
    expect(received).toEqual([{ field: 'file', name: 'empty.txt', sha256: sha256(new Uint8Array()) }]);
  });

  it('is refused by a server as any other', async () => {
    await server.close();
    expect(await failureOf(upload(new Blob([content]), 'cv.pdf'))).toMatchObject({ kind: 'network' });
  });
});
