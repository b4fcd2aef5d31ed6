import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { currentOwner } from '../../../engine/store/lease/process-liveness.js';
import { defined } from '../../../services/defined.js';

/** Whose result a part is of. */
export interface PartOwner {
  /** Stands for base URL and key ({@link accountLabel}); empty where the client has none. */
  readonly account: string;
  readonly jobSpecId: string;
}

/** What is known of the result that a part is a part of. */
export interface ResultIdentity {
  /** Stands for the origin that the bytes came from. */
  readonly origin: string;
  readonly totalBytes?: number;
  /** Strong ETag; without one a part cannot be resumed. */
  readonly etag?: string;
}

/** A result that is whole and checked, and only has no name yet. */
export interface WholePart {
  readonly bytes: number;
  readonly sha256: string;
  readonly verified: boolean;
}

/** A part as its name describes it: all stands in there, so that there is no second file to lose. */
export interface PartName {
  readonly path: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: string;
  /** Of the thread in that process: each writes parts of its own, and knows nothing of the others'. */
  readonly thread: number;
  readonly of: ResultIdentity | WholePart;
}

export const isWhole = (of: PartName['of']): of is WholePart => 'sha256' in of;

const short = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

export const originLabel = (url: string): string => short(URL.canParse(url) ? new URL(url).origin : '', 8);

/** What stands for a base URL and a key where their jobs' parts are told apart: neither can be read from it (law 5). */
export const accountLabel = (apiKey: string, baseUrl: string): string =>
  short(`goal-lane/part/1\n${baseUrl}\n${apiKey}`, 24);

/** This process, as the store knows processes. */
export const THIS_PROCESS = currentOwner();
/** The host's name is nobody's business in a folder that may be shared. */
export const THIS_HOST = short(THIS_PROCESS.host, 6);

/** The names of an owner's parts begin so; the hash keeps apart servers, keys, and jobs whose ids look alike once they are cleaned. */
export const prefixOf = ({ account, jobSpecId }: PartOwner): string =>
  `.${jobSpecId.replace(/[^\w-]+/g, '_').slice(0, 32)}-${short(`${account}\n${jobSpecId}`, 16)}.`;

/** In bytes, as file systems count: a longer ETag leaves no room in a file name; the part is then one that nobody can continue with. */
const LONGEST_ETAG = 64;

const isTooLong = (etag: string): boolean => Buffer.byteLength(etag) > LONGEST_ETAG;

/** What a new part is a part of. */
export const identityOf = (url: string, totalBytes?: number, etag?: string): ResultIdentity => ({
  origin: originLabel(url),
  ...defined({ totalBytes }),
  ...(etag === undefined || isTooLong(etag) ? {} : { etag }),
});

const encoded = (of: PartName['of']): string => {
  if (isWhole(of)) return `whole-${of.verified ? 'v' : 'u'}.${of.bytes}.${of.sha256}`;
  const { origin, totalBytes, etag = '' } = of;
  const tag = etag === '' ? 'x' : Buffer.from(etag).toString('base64url');
  return `${origin}.${totalBytes ?? 'x'}.${tag}`;
};

let counter = 0;

/** A name that no other part has. */
export function nextPath(dir: string, owner: PartOwner, of: PartName['of']): string {
  counter += 1;
  const { pid, startedAt } = THIS_PROCESS;
  const started = startedAt.replace(/\W/g, '_') || 'x';
  return join(
    dir,
    `${prefixOf(owner)}${THIS_HOST}.${pid}.${started}.${threadId}-${counter}.${encoded(of)}.part`,
  );
}

const NAME =
  /^([0-9a-f]{6})\.(\d+)\.(\w+)\.(?:(\d+)-)?\d+\.(?:whole-([vu])\.(\d+)\.([0-9a-f]{64})|([0-9a-f]{8})\.(\d+|x)\.([\w-]+))\.part$/;

function parsedIdentity(origin: string, total: string, etag: string): ResultIdentity {
  return {
    origin,
    ...(total === 'x' ? {} : { totalBytes: Number(total) }),
    ...(etag === 'x' ? {} : { etag: Buffer.from(etag, 'base64url').toString() }),
  };
}

/** The start of a process as {@link currentOwner} spells it: a boot's UUID and a count of ticks. */
const startOf = (text: string): string =>
  /^(\w{8})_(\w{4})_(\w{4})_(\w{4})_(\w{12})_(\d+)$/.test(text)
    ? text.replace(/_(?=\d+$)/, ' ').replaceAll('_', '-')
    : '';

/** Reads the name of a file in a folder; undefined where it is no part of this owner. */
export function parseName(dir: string, name: string, owner: PartOwner): PartName | undefined {
  const prefix = prefixOf(owner);
  const match = name.startsWith(prefix) ? NAME.exec(name.slice(prefix.length)) : null;
  if (match === null) return undefined;
  const [, host = '', pid = '', started = '', thread = '0', ...rest] = match;
  const [mark, bytes, sha256 = '', origin = '', total = '', etag = ''] = rest;
  const of =
    mark === undefined
      ? parsedIdentity(origin, total, etag)
      : { verified: mark === 'v', bytes: Number(bytes), sha256 };
  return {
    path: join(dir, name),
    host,
    pid: Number(pid),
    startedAt: startOf(started),
    thread: Number(thread),
    of,
  };
}
