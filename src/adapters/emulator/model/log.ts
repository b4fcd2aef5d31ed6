import type { EmulatedEndpoint } from './endpoint.js';
import type { LimitReading } from './limiter.js';

/** What a request changed. */
export type Effect =
  | { readonly type: 'uploaded'; readonly fileId: string; readonly bytes: number }
  | { readonly type: 'created'; readonly jobSpecId: string }
  | { readonly type: 'patched'; readonly from: number; readonly to: number }
  | { readonly type: 'confirmed'; readonly itemVersion: number };

/** What of a body matters to those who read the log; never a slot's value. */
export interface BodySummary {
  readonly itemVersion?: number;
  readonly slotIds?: readonly string[];
  readonly workflowId?: string;
  readonly fileIds?: readonly string[];
}

/** What the limit said that a request counts against. */
export interface RateState extends LimitReading {
  /** True when the limit was shut as the request came in: it was refused with 429. */
  readonly shut: boolean;
  /** True when an earlier reply that reached the client had said that the limit is shut until later than this. */
  readonly toldShut: boolean;
}

/** One request, and what came of it. */
export interface LogEntry {
  readonly index: number;
  /** Epoch ms of arrival. */
  readonly at: number;
  /** Epoch ms at which the client sent it; the same as `at` where only the arrival is known. */
  readonly sentAt: number;
  /** The key's label, `none` without a key, `unknown` for a wrong one; never the key. */
  readonly key: string;
  /** `none` for a path that the reference does not have. */
  readonly endpoint: EmulatedEndpoint | 'none';
  readonly method: string;
  /** Without its query: that of the storage origin is a secret. */
  readonly path: string;
  readonly jobSpecId?: string;
  readonly body: BodySummary;
  /** The storage origin refuses such a request. */
  readonly hadAuthorization: boolean;
  /** As the client got it; undefined where it got no reply. */
  readonly status: number | undefined;
  /** The reference's `error` word, where the reply was one. */
  readonly error?: string;
  readonly effect?: Effect;
  /** What else was changed on purpose, by a fault. */
  readonly faults: readonly string[];
  /** Absent where no key was known, and on the storage origin. */
  readonly rate?: RateState;
  /** Status reads: since the last status read of this job was sent. */
  readonly sinceStatusMs?: number;
  /** Status reads: sooner than the reference allows ("every 2 seconds, not faster"). */
  readonly tooSoon: boolean;
}

/** Entries are completed while their request is served. */
export type OpenEntry = { -readonly [Field in keyof LogEntry]: LogEntry[Field] };

const effectText = (effect: Effect): string => {
  switch (effect.type) {
    case 'uploaded':
      return `stored ${effect.fileId} (${effect.bytes} bytes)`;
    case 'created':
      return `created ${effect.jobSpecId}`;
    case 'patched':
      return `patched ${effect.from}→${effect.to}`;
    case 'confirmed':
      return `confirmed at ${effect.itemVersion}`;
  }
};

/** A log entry as one line for people. */
export function describeEntry(entry: LogEntry): string {
  const words = [
    new Date(entry.at).toISOString(),
    entry.key,
    entry.method,
    entry.path,
    entry.body.itemVersion === undefined ? '' : `v${entry.body.itemVersion}`,
    entry.status ?? 'no reply',
    entry.error ?? '',
    entry.effect === undefined ? '' : effectText(entry.effect),
    entry.faults.length === 0 ? '' : `[${entry.faults.join(', ')}]`,
    entry.tooSoon ? 'sooner than 2 s' : '',
  ];
  // A path is the client's choice: control characters in it do not reach a terminal.
  return words
    .filter((word) => word !== '')
    .join(' ')
    .replace(/\p{Cc}/gu, '?');
}
