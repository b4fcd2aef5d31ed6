import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import type { Clock } from '../../../src/engine/binding/clock.js';

/** One request as it left, and what came back. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly origin: string;
  /** Epoch ms. */
  readonly sentAt: number;
  readonly carriesKey: boolean;
  /** Of a PATCH or a confirm. */
  readonly itemVersion: number | undefined;
  /** The highest version of the job that a reply had contained before this was sent. */
  readonly knownVersion: number | undefined;
  /** Other requests under way as it left; between uploads none counts. */
  readonly others: number;
  /** Epoch ms at which the client had the reply or the error, or aborted. */
  endedAt?: number;
  status?: number;
}

export interface Wire {
  readonly adapter: AxiosAdapter;
  readonly sent: readonly Sent[];
  underWay(): number;
  /** What the job was at under an item version: names of checkpoints, or words of its status. Empty if the replies did not contain it. */
  shownAt(jobSpecId: string, itemVersion: number): ReadonlySet<string>;
}

const read = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

/** A reply is asked for several of its fields, and parsed once. */
let last: { readonly text: string; readonly fields: Readonly<Record<string, unknown>> } | undefined;

function fields(text: unknown): Readonly<Record<string, unknown>> {
  if (typeof text !== 'string') return {};
  if (last?.text !== text) last = { text, fields: read(text) };
  return last.fields;
}

const WORDS: ReadonlySet<unknown> = new Set([
  'pending',
  'confirming',
  'executing',
  'slot_needed',
  'completed',
  'failed',
]);

/** Under such a version no answer is wrong. */
export const ANYTHING = '*';

/** The open checkpoint by its name, else the word of the status; undefined where the reply does not say. */
function shownBy(text: unknown): string | undefined {
  const { status, checkpoint } = fields(text);
  if (typeof status !== 'string') return undefined;
  // In capitals it is the same word, put there by a fault whatever the job is at: it may be believed, and need not be.
  if (WORDS.has(status.toLowerCase()) && !WORDS.has(status)) return ANYTHING;
  if (!WORDS.has(status)) return undefined;
  if (status !== 'slot_needed') return status;
  const { checkpointId, checkpoint_id } = fields(JSON.stringify(checkpoint));
  const name = checkpointId ?? checkpoint_id;
  return typeof name === 'string' ? name : undefined;
}

function versionIn(text: unknown): number | undefined {
  const { itemVersion, item_version } = fields(text);
  const version = itemVersion ?? item_version;
  return typeof version === 'number' ? version : undefined;
}

const JOB = /\/jobs\/goal(?:\/([^/]+))?/;

function jobOf(path: string, data: unknown): string | undefined {
  const { jobSpecId, job_spec_id } = fields(data);
  const reported = jobSpecId ?? job_spec_id;
  return JOB.exec(path)?.[1] ?? (typeof reported === 'string' ? reported : undefined);
}

const carries = (config: InternalAxiosRequestConfig, key: string): boolean => {
  const body = config.data instanceof Uint8Array ? Buffer.from(config.data).toString('latin1') : config.data;
  return [JSON.stringify(config.headers.toJSON()), config.url, String(body)].some((text) =>
    text?.includes(key),
  );
};

/** Stands between the client and its transport and writes down what passes. */
export function watchWire(inner: AxiosAdapter, clock: Pick<Clock, 'now'>, key: string): Wire {
  const sent: Sent[] = [];
  const versions = new Map<string, number>();
  const shown = new Map<string, Set<string>>();
  const versionless = new Set<string>();
  const open = new Map<Sent, InternalAxiosRequestConfig['signal']>();
  const isUpload = (path: string): boolean => path.endsWith('/upload');
  /** Uploads go several at once; one that was aborted may not have noticed yet. */
  const isInTheWay = (
    [other, signal]: [Sent, { readonly aborted?: boolean } | undefined],
    path: string,
  ): boolean => signal?.aborted !== true && !(isUpload(other.path) && isUpload(path));
  const begin = (config: InternalAxiosRequestConfig): Sent => {
    const url = new URL(config.url ?? '');
    const request: Sent = {
      method: (config.method ?? 'get').toUpperCase(),
      url: url.href,
      path: url.pathname,
      origin: url.origin,
      sentAt: clock.now(),
      carriesKey: carries(config, key),
      itemVersion: versionIn(config.data),
      knownVersion: versions.get(jobOf(url.pathname, undefined) ?? ''),
      others: [...open].filter((other) => isInTheWay(other, url.pathname)).length,
    };
    sent.push(request);
    open.set(request, config.signal);
    return request;
  };
  const learn = (request: Sent, status: number, data: unknown): void => {
    request.status = status;
    const job = jobOf(request.path, data);
    const version = versionIn(data);
    if (status >= 300 || job === undefined) return;
    // A status read without a status is a broken reply, of which nothing is used.
    if (request.path.endsWith('/status') && fields(data).status === undefined) return;
    // A checkpoint without its version can only be answered under the last one that is known; a 409 then shows it.
    if (version === undefined && fields(data).status === 'slot_needed') versionless.add(job);
    if (version === undefined) return;
    versions.set(job, Math.max(versions.get(job) ?? 0, version));
    const what = shownBy(data);
    if (what === undefined) return;
    const key = `${job} ${version}`;
    shown.set(key, (shown.get(key) ?? new Set()).add(what));
  };
  return {
    sent,
    underWay: () => open.size,
    shownAt: (jobSpecId, itemVersion) =>
      (versionless.has(jobSpecId) ? undefined : shown.get(`${jobSpecId} ${itemVersion}`)) ?? new Set(),
    adapter: async (config) => {
      const request = begin(config);
      try {
        const response = await inner(config);
        learn(request, response.status, response.data);
        return response;
      } finally {
        request.endedAt = clock.now();
        open.delete(request);
      }
    },
  };
}
