import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zipOfSize } from '../support/sample-zip.js';

/** What the server is to do, in the reference's own spelling. */
export interface Scenario {
  readonly catalogItem?: Readonly<Record<string, unknown>>;
  /** Slots of the job before execution. */
  readonly slots?: readonly { slotId: string; type?: string }[];
  readonly checkpoints?: readonly {
    readonly checkpointId: string;
    readonly stepOutputPreview?: string;
    readonly slots: readonly { slotId: string; type?: string }[];
  }[];
  /** Ends in `failed`, saying this. */
  readonly failsWith?: string;
  /** What is wrong with a value, if anything: a 422. */
  readonly refuse?: (slotId: string, value: unknown) => string | undefined;
  /** Leaves out everything that the reference does not call always present, and sends a 202 without a body. */
  readonly isTerse?: boolean;
  readonly filename?: string;
  /** Never leaves `executing`. */
  readonly isEndless?: boolean;
  /** A call that is refused with a status, so often (default: for ever), or until the test takes it back. */
  readonly refusal?: { readonly route: RegExp; readonly status: number; times?: number };
  /** Answers every request so: the key is refused, the server is in trouble. */
  readonly alwaysAnswers?: { readonly status: number; readonly body: unknown };
  /** The job has completed before anybody asks. */
  readonly isCompleted?: boolean;
  /** The result is past its retention: what is asked for is answered so. */
  readonly resultIsGone?: 404 | 410;
  /** Hangs up on create, having acted or not, which the client cannot know. */
  readonly hangsUpOnCreate?: boolean;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly at: number;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface ReferenceServer {
  readonly baseUrl: string;
  readonly key: string;
  readonly seen: readonly Seen[];
  readonly storageSeen: readonly Seen[];
  readonly result: { readonly bytes: Buffer; readonly sha256: string };
  /** Names of the uploaded files with their bytes. */
  readonly uploads: ReadonlyMap<string, Buffer>;
  /** Values that were accepted, in order. */
  readonly accepted: readonly (readonly [string, unknown])[];
  calls(method: string, pattern: RegExp): Seen[];
  close(): Promise<void>;
}

const DEFAULT_ITEM = {
  spec_id: 'goal_lane.cover_letter',
  name: 'Cover letter',
  description: 'Writes a cover letter',
  supported_input_formats: ['txt', 'pdf'],
  required_slots: [],
  maxInputSizeBytes: 1_000,
  minFileCount: 1,
};

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** The one part of a multipart body, the slow and plain way. */
function filePart(body: Buffer, contentType: string): { name: string; bytes: Buffer } {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1] ?? '';
  const head = body.indexOf('\r\n\r\n');
  const end = body.lastIndexOf(`\r\n--${boundary}`);
  const disposition = body.subarray(0, head).toString('utf8');
  if (!/name="file"/.test(disposition)) throw new Error(`not the field "file": ${disposition}`);
  const name = /filename="([^"]*)"/.exec(disposition)?.[1] ?? '';
  return { name, bytes: body.subarray(head + 4, end) };
}

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      // Listening on TCP: the address is no pipe's name.
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

interface State {
  version: number;
  /** How many questions (slots before execution, then checkpoints) are confirmed. */
  stage: number;
  status: 'pending' | 'confirming' | 'executing' | 'slot_needed' | 'completed' | 'failed';
  reads: number;
  readonly held: Map<string, unknown>;
}

class Refusal {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly message: string,
    readonly more: object = {},
  ) {}
}

/** The job after one more status read: one read in `executing`, then the next thing happens. */
function advance(state: State, scenario: Scenario): void {
  if (state.status === 'confirming') state.status = 'executing';
  if (state.status !== 'executing') return;
  state.reads += 1;
  if (scenario.isEndless === true || state.reads < 2) return;
  const checkpoint = scenario.checkpoints?.[state.stage - 1];
  if (checkpoint !== undefined) {
    state.status = 'slot_needed';
    state.version += 1;
  } else state.status = scenario.failsWith === undefined ? 'completed' : 'failed';
}

function openSlots(state: State, scenario: Scenario): readonly { slotId: string }[] {
  if (state.status === 'pending') return scenario.slots ?? [];
  return scenario.checkpoints?.[state.stage - 1]?.slots ?? [];
}

function statusBody(state: State, scenario: Scenario): object {
  if (state.status === 'slot_needed') {
    const checkpoint = scenario.checkpoints?.[state.stage - 1];
    return { status: 'slot_needed', checkpoint, itemVersion: state.version };
  }
  if (state.status === 'failed') return { status: 'failed', error: scenario.failsWith };
  if (scenario.isTerse === true || state.status === 'completed') return { status: state.status };
  return { status: state.status, progress: state.reads * 45, currentStep: 'generating_output' };
}

function checkVersion(state: State, body: { itemVersion?: unknown }): void {
  if (body.itemVersion === state.version) return;
  throw new Refusal(
    409,
    'version_conflict',
    `itemVersion mismatch: expected ${state.version}, got ${String(body.itemVersion)}`,
  );
}

function fill(
  state: State,
  scenario: Scenario,
  accepted: (readonly [string, unknown])[],
  body: { itemVersion?: unknown; slots?: { slotId: string; value: unknown }[] },
): object {
  if (state.status !== 'pending' && state.status !== 'slot_needed') {
    throw new Refusal(400, 'invalid_transition', `cannot fill slots of a job that is ${state.status}`);
  }
  checkVersion(state, body);
  const slots = body.slots ?? [];
  const errors = slots.flatMap(({ slotId, value }) => {
    const message = scenario.refuse?.(slotId, value);
    return message === undefined ? [] : [{ field: slotId, message }];
  });
  if (errors.length > 0) throw new Refusal(422, 'validation_error', 'Some values are not valid', { errors });
  for (const { slotId, value } of slots) {
    state.held.set(slotId, value);
    accepted.push([slotId, value]);
  }
  state.version += 1;
  return { jobSpecId: 'job_789', status: state.status, itemVersion: state.version };
}

function confirm(state: State, scenario: Scenario, body: { itemVersion?: unknown }): object | undefined {
  if (state.status !== 'pending' && state.status !== 'slot_needed') {
    throw new Refusal(400, 'invalid_transition', `cannot confirm a job that is ${state.status}`);
  }
  checkVersion(state, body);
  const missing = openSlots(state, scenario).filter(({ slotId }) => !state.held.has(slotId));
  if (missing.length > 0) throw new Refusal(400, 'invalid_transition', 'slots are missing');
  state.held.clear();
  Object.assign(state, { status: 'confirming', stage: state.stage + 1, reads: 0 });
  return scenario.isTerse === true ? undefined : { jobSpecId: 'job_789', status: 'confirming' };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    'x-ratelimit-remaining': '59',
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1_000) + 60),
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

/** A server for one job that follows the API reference to the letter, and shares no line of code with goal-lane. */
export async function startReferenceServer(scenario: Scenario = {}): Promise<ReferenceServer> {
  const key = `key_${randomBytes(12).toString('hex')}`;
  const bytes = zipOfSize(50_000);
  const uploads = new Map<string, Buffer>();
  const accepted: (readonly [string, unknown])[] = [];
  const seen: Seen[] = [];
  const storageSeen: Seen[] = [];
  const status = scenario.isCompleted === true ? 'completed' : 'pending';
  const state: State = { version: 1, stage: 0, status, reads: 0, held: new Map() };
  let storageUrl = '';

  const answer = (route: string, body: Buffer, contentType: string): readonly [number, unknown] => {
    const json = () => JSON.parse(body.toString('utf8'));
    switch (route) {
      case 'GET /workflows/catalog':
        return [200, [{ ...DEFAULT_ITEM, ...scenario.catalogItem }]];
      case 'POST /upload': {
        const part = filePart(body, contentType);
        uploads.set(part.name, part.bytes);
        return [200, { file_id: `file_${uploads.size}` }];
      }
      case 'POST /jobs/goal':
        return [
          201,
          { jobSpecId: 'job_789', status: 'pending', slots: scenario.slots ?? [], itemVersion: 1 },
        ];
      case 'GET /jobs/goal/job_789':
        return [
          200,
          {
            jobSpecId: 'job_789',
            slots: scenario.slots ?? [],
            ...statusBody(state, scenario),
            itemVersion: state.version,
          },
        ];
      case 'PATCH /jobs/goal/job_789/slots':
        return [200, fill(state, scenario, accepted, json())];
      case 'POST /jobs/goal/job_789/confirm':
        return [202, confirm(state, scenario, json())];
      case 'GET /jobs/goal/job_789/status':
        advance(state, scenario);
        return [200, statusBody(state, scenario)];
      case 'GET /jobs/goal/job_789/download': {
        if (state.status !== 'completed') throw new Refusal(400, 'invalid_transition', 'not completed');
        if (scenario.resultIsGone !== undefined)
          throw new Refusal(scenario.resultIsGone, 'not_found', 'result expired');
        const url = `${storageUrl}/convilyn-results/job_789/output.zip?X-Amz-Signature=planted_signature`;
        const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
        const filename = scenario.filename ?? (scenario.isTerse === true ? undefined : 'output.zip');
        return [200, { url, expiresAt, filename }];
      }
      default:
        throw new Refusal(404, 'not_found', `no ${route}`);
    }
  };

  const note = async (list: Seen[], request: IncomingMessage): Promise<Buffer> => {
    const body = await bodyOf(request);
    const { method = '', url: path = '' } = request;
    const { authorization } = request.headers;
    list.push({ method, path, at: Date.now(), authorization, body: body.toString('utf8') });
    return body;
  };

  const api = createServer(async (request, response) => {
    // Undefined: the client has gone in the middle of its upload.
    const body = await note(seen, request).catch(() => undefined);
    if (body === undefined) return;
    const route = `${request.method} ${(request.url ?? '').replace(/^\/api\/v1/, '')}`;
    if (scenario.hangsUpOnCreate === true && route === 'POST /jobs/goal')
      return void request.socket.destroy();
    if (scenario.alwaysAnswers)
      return send(response, scenario.alwaysAnswers.status, scenario.alwaysAnswers.body);
    if (request.headers.authorization !== `Bearer ${key}`) {
      return send(response, 401, { error: 'unauthorized', message: 'Invalid API key', code: 401 });
    }
    const { refusal } = scenario;
    if (refusal?.route.test(route) && (refusal.times ?? 1) > 0) {
      if (refusal.times !== undefined) refusal.times -= 1;
      return send(response, refusal.status, { error: 'refused', message: 'not now', code: refusal.status });
    }
    try {
      send(response, ...answer(route, body, request.headers['content-type'] ?? ''));
    } catch (error) {
      if (!(error instanceof Refusal)) return send(response, 500, { error: String(error) });
      const { status, message, more } = error;
      send(response, status, { error: error.error, message, code: status, ...more });
    }
  });
  const storage = createServer(async (request, response) => {
    await note(storageSeen, request);
    const isRefused =
      request.headers.authorization !== undefined || !request.url?.includes('X-Amz-Signature=');
    response.writeHead(isRefused ? 400 : 200, isRefused ? {} : { 'content-length': bytes.length });
    response.end(isRefused ? 'Only one auth mechanism allowed' : bytes);
  });
  const apiUrl = await listen(api);
  storageUrl = await listen(storage);
  return {
    baseUrl: `${apiUrl}/api/v1`,
    key,
    seen,
    storageSeen,
    uploads,
    accepted,
    result: { bytes, sha256: createHash('sha256').update(bytes).digest('hex') },
    calls: (method, pattern) => seen.filter((call) => call.method === method && pattern.test(call.path)),
    close: async () => {
      await Promise.all([closed(api), closed(storage)]);
    },
  };
}
