import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { currentOwner } from '../../../engine/store/lease/process-liveness.js';
import { defined } from '../../../services/defined.js';

/** The owner of a part's result. */
export interface PartOwner {
  /** Identifies base URL and key ({@link accountLabel}); empty if the client has none. */
  readonly account: string;
  readonly jobSpecId: string;
}

/** What is known of the result of a part. */
export interface ResultIdentity {
  /** Identifies the origin of the bytes. */
  readonly origin: string;
  readonly totalBytes?: number;
  /** Strong ETag; without it a part cannot be resumed. */
  readonly etag?: string;
}

/** A result that is complete and checked, but does not have its final name yet. */
export interface WholePart {
  readonly bytes: number;
  readonly sha256: string;
  readonly verified: boolean;
}

/** A part as described by its file name, which contains everything, so that there is no second file to lose. */
export interface PartName {
  readonly path: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: string;
  /** The thread in that process: each thread writes its own parts and does not know the others'. */
  readonly thread: number;
  readonly of: ResultIdentity | WholePart;
}

export const isWhole = (of: PartName['of']): of is WholePart => 'sha256' in of;

/** @param length even. Not cut from the longer text, which would stay in memory with it. */
const short = (text: string, length: number): string =>
  createHash('sha256')
    .update(text)
    .digest()
    .subarray(0, length / 2)
    .toString('hex');

export const originLabel = (url: string): string => short(URL.canParse(url) ? new URL(url).origin : '', 8);

/** Identifies a base URL and a key in the names of parts, without revealing them (law 5, never leaked). */
export const accountLabel = (apiKey: string, baseUrl: string): string =>
  short(`goal-lane/part/1\n${baseUrl}\n${apiKey}`, 24);

/** This process as an owner in the store. */
export const THIS_PROCESS = currentOwner();
/** Hashed, because the host name should not be visible in a shared folder. */
export const THIS_HOST = short(THIS_PROCESS.host, 6);

/** The prefix of an owner's parts. The hash distinguishes servers, keys, and job ids that look alike after cleaning. */
export const prefixOf = ({ account, jobSpecId }: PartOwner): string =>
  `.${jobSpecId.replace(/[^\w-]+/g, '_').slice(0, 32)}-${short(`${account}\n${jobSpecId}`, 16)}.`;

/** Limit in bytes, as in file systems: a longer ETag does not fit into a file name, so its part cannot be resumed. */
const LONGEST_ETAG = 64;

const isTooLong = (etag: string): boolean => Buffer.byteLength(etag) > LONGEST_ETAG;

/** The identity of a new part. */
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

/** A unique path for a part. */
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

/** The start time of a process as spelled by {@link currentOwner}: the UUID of a boot and a number of ticks. */
const startOf = (text: string): string =>
  /^(\w{8})_(\w{4})_(\w{4})_(\w{4})_(\w{12})_(\d+)$/.test(text)
    ? text.replace(/_(?=\d+$)/, ' ').replaceAll('_', '-')
    : '';

/** Parses the name of a file in a folder; undefined if it is not a part of this owner. */
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
