import type { EmulatedEndpoint } from './endpoint.js';
import type { LimitReading } from './limiter.js';

/** What a request changed. */
export type Effect =
  | { readonly type: 'uploaded'; readonly fileId: string; readonly bytes: number }
  | { readonly type: 'created'; readonly jobSpecId: string }
  | { readonly type: 'patched'; readonly from: number; readonly to: number }
  | { readonly type: 'confirmed'; readonly itemVersion: number };

/** The logged part of a body; never a slot's value. */
export interface BodySummary {
  readonly itemVersion?: number;
  readonly slotIds?: readonly string[];
  readonly workflowId?: string;
  readonly fileIds?: readonly string[];
}

/** The state of the limit of a request. */
export interface RateState extends LimitReading {
  /** True if the limit was closed when the request arrived: it was refused with 429. */
  readonly shut: boolean;
  /** True if an earlier reply that reached the client had stated that the limit is closed beyond this time. */
  readonly knownShut: boolean;
}

/** One request and its result. */
export interface LogEntry {
  readonly index: number;
  /** Epoch ms of arrival. */
  readonly at: number;
  /** Epoch ms at which the client sent it; equal to `at` if only the arrival is known. */
  readonly sentAt: number;
  /** The key's label, `none` without a key, `unknown` for a wrong one; never the key. */
  readonly key: string;
  /** `none` for a path that is not in the reference. */
  readonly endpoint: EmulatedEndpoint | 'none';
  readonly method: string;
  /** Without the query, which is a secret on the storage origin. */
  readonly path: string;
  readonly jobSpecId?: string;
  readonly body: BodySummary;
  /** The storage origin refuses such a request. */
  readonly hadAuthorization: boolean;
  /** As received by the client; undefined if it got no reply. */
  readonly status: number | undefined;
  /** The `error` word of the reference, if the reply has one. */
  readonly error?: string;
  readonly effect?: Effect;
  /** The faults that were applied. */
  readonly faults: readonly string[];
  /** Absent without a valid key, and on the storage origin. */
  readonly rate?: RateState;
  /** For status reads: time since the last status read of this job was sent. */
  readonly sinceStatusMs?: number;
  /** For status reads: earlier than the reference allows ("every 2 seconds, not faster"). */
  readonly tooSoon: boolean;
}

/** Entries are completed while their request is handled. */
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
  // The client chooses the path: control characters must not reach a terminal.
  return words
    .filter((word) => word !== '')
    .join(' ')
    .replace(/\p{Cc}/gu, '?');
}
