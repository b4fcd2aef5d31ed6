import type { ServerResponse } from 'node:http';
import { json, type SeenRequest, serve } from '../support/http-server.js';

export type Part = 'catalog' | 'upload' | 'create' | 'job' | 'confirm' | 'status' | 'download' | 'storage';

/** Answers in the place of the API, and returns true; `count` says how often this part was asked before, this time included. */
export type Hook = (response: ServerResponse, count: number) => boolean | Promise<boolean>;

export interface HookedApi {
  readonly key: string;
  readonly baseUrl: string;
  /** How often each part was asked. */
  asked(part: Part): number;
  close(): Promise<void>;
}

const PARTS: readonly (readonly [Part, RegExp])[] = [
  ['storage', /^GET \/storage/],
  ['catalog', /^GET .*\/workflows\/catalog$/],
  ['upload', /^POST .*\/upload$/],
  ['create', /^POST .*\/jobs\/goal$/],
  ['confirm', /^POST .*\/confirm$/],
  ['status', /^GET .*\/status$/],
  ['download', /^GET .*\/download$/],
  ['job', /^GET .*\/jobs\/goal\/job_1$/],
];

const partOf = ({ method, path }: SeenRequest): Part | undefined =>
  PARTS.find(([, form]) => form.test(`${method} ${path.split('?')[0]}`))?.[0];

const RESULT = Buffer.from('PK\u0005\u0006'.padEnd(22, '\0'), 'latin1');

/** The API of the reference with one workflow without slots, and a hook before each of its answers. */
export async function startHookedApi(hooks: Partial<Record<Part, Hook>>): Promise<HookedApi> {
  const counts = new Map<Part, number>();
  let isConfirmed = false;
  const answers: Readonly<Record<Part, (response: ServerResponse, base: string) => void>> = {
    catalog: (response) =>
      json(response, 200, [
        {
          spec_id: 'wf',
          name: 'W',
          description: '',
          supported_input_formats: ['txt'],
          required_slots: [],
          minFileCount: 1,
        },
      ]),
    upload: (response) => json(response, 200, { file_id: 'file_1' }),
    create: (response) =>
      json(response, 201, { jobSpecId: 'job_1', status: 'pending', slots: [], itemVersion: 1 }),
    job: (response) =>
      json(response, 200, {
        jobSpecId: 'job_1',
        status: isConfirmed ? 'executing' : 'pending',
        slots: [],
        itemVersion: 1,
      }),
    confirm(response) {
      isConfirmed = true;
      json(response, 202, undefined);
    },
    status: (response) =>
      json(response, 200, { status: isConfirmed ? 'completed' : 'pending', itemVersion: 1 }),
    download: (response, base) =>
      json(response, 200, { url: `${base}/storage/output.zip?X-Amz-Signature=s`, filename: 'output.zip' }),
    storage: (response) => void response.writeHead(200, { 'Content-Length': RESULT.length }).end(RESULT),
  };
  const server = await serve(async (request, response) => {
    const part = partOf(request);
    if (part === undefined)
      return json(response, 404, { error: 'not_found', message: 'no such path', code: 404 });
    const count = (counts.get(part) ?? 0) + 1;
    counts.set(part, count);
    if (await hooks[part]?.(response, count)) return;
    answers[part](response, `http://${request.headers.host}`);
  });
  return {
    key: 'key-0123456789abcdef',
    baseUrl: `${server.url}/api/v1`,
    asked: (part) => counts.get(part) ?? 0,
    close: () => server.close(),
  };
}
