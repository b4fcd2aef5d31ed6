import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { ResetFormat } from '../model/reset-format.js';
import type { ErrorBody, OtherSpeaker, RetryAfter, WrongResult } from './fault-kinds.js';

/** The content coding of a body. */
export type ContentCoding = 'gzip' | 'deflate' | 'br' | 'identity';

/** Faults of the network. */
export type TransportFault =
  /**
   * No connection is accepted. In process, the request is refused. Over HTTP, an open connection can only be reset, unread; then
   * the origin stops listening for `forMs` (default 500), and a client that connects gets ECONNREFUSED.
   */
  | { readonly kind: 'connection-refused'; readonly forMs?: number | undefined }
  /** The connection is reset before the request is handled, or after (then only its reply is lost). */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** No reply is sent and the connection stays open. Default `before`. */
  | { readonly kind: 'hung'; readonly when?: 'before' | 'after' | undefined }
  | { readonly kind: 'slow-reply'; readonly delayMs: number }
  /** The body ends early: after `afterBytes` (default: half of it) the connection is reset, or stays open without data. */
  | {
      readonly kind: 'cut-body';
      readonly afterBytes?: number | undefined;
      readonly ending?: 'reset' | 'hang' | undefined;
    }
  /**
   * A body without `Content-Length`: it ends with the connection, or is chunked. Complete, unless it is cut in the middle: with
   * `close` that cannot be detected, with `chunked` the last chunk is missing.
   */
  | {
      readonly kind: 'unsized-body';
      readonly framing: 'close' | 'chunked';
      readonly cut?: boolean | undefined;
    }
  /** The body is encoded, whether or not the client requested it. `label`: replaces the value of `Content-Encoding`. */
  | {
      readonly kind: 'content-encoding';
      readonly encoding: ContentCoding;
      readonly label?: string | undefined;
    }
  /**
   * An upload is answered 2xx with a `file_id` before its body was read, or after `afterBytes` of it; the rest of the body is
   * discarded. Over HTTP only: in one process a body arrives as a whole.
   */
  | { readonly kind: 'early-reply'; readonly afterBytes?: number | undefined };

/** Faults that replace the API's reply. */
export type ReplyFault =
  /** Any status, on any endpoint. Default body: HTML, as from a proxy. `acted`: whether the request was handled; default false. */
  | {
      readonly kind: 'http-error';
      readonly status: number;
      readonly body?: ErrorBody | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly acted?: boolean | undefined;
      readonly retryAfter?: RetryAfter | undefined;
    }
  /** 429. Without `resetInMs` there is no reset header; with it the limit stays closed until then, unless `holds` is false. */
  | {
      readonly kind: 'rate-limited';
      readonly resetInMs?: number | undefined;
      readonly retryAfter?: RetryAfter | undefined;
      readonly holds?: boolean | undefined;
    }
  /**
   * 429 for too many concurrent jobs, which only makes sense on create (or confirm); the reset header is that of the daily
   * creations. Default: a day away.
   */
  | { readonly kind: 'too-many-jobs'; readonly resetInMs?: number | undefined }
  /** A success with an unreadable body. The request was handled. */
  | { readonly kind: 'garbled-body'; readonly body: 'empty' | 'html' | 'cut-json' | 'text' }
  /** 302 (or `status`) to another location: the key must not go there. */
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number | undefined }
  /** Something on the way answers. The request did not get through, unless `acted` is set: then only the reply was replaced. */
  | { readonly kind: 'other-speaker'; readonly who: OtherSpeaker; readonly acted?: boolean | undefined }
  /**
   * A call about a job reaches a replica that does not know it yet: the API's own 404. With `lagMs` only until that long after
   * the last event of the job (its creation, a confirm, its end), otherwise whenever the rule matches.
   */
  | { readonly kind: 'replica-lag'; readonly lagMs?: number | undefined }
  /** Storage ignores a `Range` and sends the whole. */
  | { readonly kind: 'range-ignored' }
  /** Storage refuses a fresh URL (403, XML): until it is `lagMs` old, or whenever the rule matches. */
  | { readonly kind: 'url-not-yet-valid'; readonly lagMs?: number | undefined }
  /** Storage answers 200, but not with the result. */
  | { readonly kind: 'wrong-result'; readonly body: WrongResult };

/** Faults of reply headers. */
export type HeaderFault =
  | { readonly kind: 'reset-format'; readonly format: ResetFormat }
  /** The server's clock is wrong: this affects `Date`, the reset, and dates in the body. */
  | { readonly kind: 'clock-skew'; readonly byMs: number }
  | {
      readonly kind: 'hostile-headers';
      readonly values: 'negative' | 'nan' | 'years-ahead' | 'long-past' | 'empty' | 'overflow';
    }
  | { readonly kind: 'missing-rate-headers' }
  /** Any other headers; undefined removes one. Names in lower case. */
  | { readonly kind: 'headers'; readonly set: Readonly<Record<string, string | undefined>> };

/** Faults that change the job, its files or its result just before the request is handled. */
export type JobFault =
  /** Another actor touched the job: its item version increases, nothing else. */
  | { readonly kind: 'version-conflict' }
  /** Another actor works on the same job. Slots without a value in `values` get a valid value that is probably not ours. */
  | {
      readonly kind: 'second-actor';
      readonly does: 'answers-and-confirms' | 'confirms' | 'sets-slots';
      readonly values?: Readonly<Record<string, SlotValue>> | undefined;
    }
  /** The files named by a create have expired. */
  | { readonly kind: 'file-expired' }
  /** After its confirm the job shows this status for `forMs`. */
  | { readonly kind: 'lingering'; readonly phase: 'pending' | 'confirming'; readonly forMs: number }
  /** The work never gets beyond this fraction (default 0.99). */
  | { readonly kind: 'stuck'; readonly at?: number | undefined }
  /** The work pauses for `forMs`. */
  | { readonly kind: 'stalled-progress'; readonly forMs: number }
  | { readonly kind: 'job-fails'; readonly error: string }
  /** The server no longer knows the job: 404. */
  | { readonly kind: 'job-lost' }
  /** The checkpoint that is confirmed next comes again `times` times (default 1), with the same id and a higher version. */
  | { readonly kind: 'repeated-checkpoint'; readonly times?: number | undefined }
  /** The result is gone before its 24 hours are over. */
  | { readonly kind: 'retention-ended' }
  /** The result is generated again: other bytes, another ETag. */
  | { readonly kind: 'changed-result' };

/** Faults in the JSON of a successful reply. */
export type BodyFault =
  /** A status or job read shows an earlier phase: default the previous one. */
  | { readonly kind: 'stale-status'; readonly back?: number | undefined }
  /** A read shows an item version that is `back` (default 1) too old: after a 409 it is the refused one. */
  | { readonly kind: 'stale-version'; readonly back?: number | undefined }
  | { readonly kind: 'unknown-status'; readonly word: string }
  | { readonly kind: 'backwards-progress'; readonly byPercent: number }
  /** Default: all fields that the reference shows to be optional, by replies without them. */
  | { readonly kind: 'missing-fields'; readonly fields?: readonly string[] | undefined }
  | { readonly kind: 'extra-fields' }
  /** camelCase instead of the reference's snake_case, and vice versa. */
  | { readonly kind: 'switched-spelling' }
  /** A success without a body: intended for confirm (202), whose body the reference does not show. */
  | { readonly kind: 'empty-body' }
  | { readonly kind: 'hostile-filename'; readonly filename: string }
  /** The URL of "Step 8: Download Results" is already expired; on the storage origin, it expires now. */
  | { readonly kind: 'expired-url' }
  | { readonly kind: 'changed-body'; readonly change: (body: unknown) => unknown };

/** One fault of one exchange. Several can apply to the same. */
export type Fault = TransportFault | ReplyFault | HeaderFault | JobFault | BodyFault;
export type FaultKind = Fault['kind'];
