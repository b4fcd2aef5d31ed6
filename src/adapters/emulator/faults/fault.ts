import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { ResetFormat } from '../model/reset-format.js';
import type { ErrorBody, OtherSpeaker, RetryAfter, WrongResult } from './fault-kinds.js';

/** How a body is coded on its way. */
export type ContentCoding = 'gzip' | 'deflate' | 'br' | 'identity';

/** What the network does to a request or to its reply. */
export type TransportFault =
  /**
   * Nobody listens. In process the request is refused. Over HTTP a connection that is open already can only be reset, unread;
   * then the origin listens no more for `forMs` (default 500), and a client that connects meets ECONNREFUSED.
   */
  | { readonly kind: 'connection-refused'; readonly forMs?: number }
  /** The connection is reset, before the request was acted on or after (then only its reply is lost). */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** No reply ever comes and the connection stays open. Default `before`. */
  | { readonly kind: 'hung'; readonly when?: 'before' | 'after' }
  | { readonly kind: 'slow-reply'; readonly delayMs: number }
  /** The body ends early: after so many bytes (default: half of it) the connection is reset, or stays open and silent. */
  | { readonly kind: 'cut-body'; readonly afterBytes?: number; readonly ending?: 'reset' | 'hang' }
  /**
   * A body without `Content-Length`: it ends with the connection, or comes in chunks. Whole, unless it is cut in the middle: at `close`
   * nobody can tell, at `chunked` the last chunk is missing.
   */
  | { readonly kind: 'unsized-body'; readonly framing: 'close' | 'chunked'; readonly cut?: boolean }
  /** The body is coded, whether or not the client had asked for that. `label`: what `Content-Encoding` says instead. */
  | { readonly kind: 'content-encoding'; readonly encoding: ContentCoding; readonly label?: string }
  /**
   * An upload is answered 2xx, with a `file_id`, before its body was read, or after so many bytes of it; what is left of the body is
   * read over. Over HTTP only: in one process a body comes as a whole.
   */
  | { readonly kind: 'early-reply'; readonly afterBytes?: number };

/** A reply that is not the API's own. */
export type ReplyFault =
  /** Any status, on any endpoint. Default body: HTML, as from a proxy. Acted on or not: default not. */
  | {
      readonly kind: 'http-error';
      readonly status: number;
      readonly body?: ErrorBody;
      readonly headers?: Readonly<Record<string, string>>;
      readonly acted?: boolean;
      readonly retryAfter?: RetryAfter;
    }
  /** 429. Without `resetInMs` there is no reset header; with it the limit is held shut until then, unless `holds` is false. */
  | {
      readonly kind: 'rate-limited';
      readonly resetInMs?: number;
      readonly retryAfter?: RetryAfter;
      readonly holds?: boolean;
    }
  /** 429 for too many concurrent jobs, which makes sense on create (or confirm) only; the reset header is that of the day's creations. Default: a day away. */
  | { readonly kind: 'too-many-jobs'; readonly resetInMs?: number }
  /** A success whose body is none that can be read. The request was acted on. */
  | { readonly kind: 'garbled-body'; readonly body: 'empty' | 'html' | 'cut-json' | 'text' }
  /** 302 (or `status`) to another place: the key must not go there. */
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** Somebody on the way answers. The request did not get through, unless it was acted on: then only the reply was replaced. */
  | { readonly kind: 'other-speaker'; readonly who: OtherSpeaker; readonly acted?: boolean }
  /**
   * A call about a job comes to a replica that has not heard of it: the API's own 404. With `lagMs` only until so long after what
   * happened to the job last (its creation, a confirm, its end), else whenever the rule strikes.
   */
  | { readonly kind: 'replica-lag'; readonly lagMs?: number }
  /** Storage answers a `Range` with the whole. */
  | { readonly kind: 'range-ignored' }
  /** Storage refuses a fresh URL (403, XML): until it is so old, or whenever the rule strikes. */
  | { readonly kind: 'url-not-yet-valid'; readonly lagMs?: number }
  /** Storage answers 200, but not with the result. */
  | { readonly kind: 'wrong-result'; readonly body: WrongResult };

/** What is wrong with the headers of a reply. */
export type HeaderFault =
  | { readonly kind: 'reset-format'; readonly format: ResetFormat }
  /** The server's clock is off: `Date`, the reset, and dates in the body. */
  | { readonly kind: 'clock-skew'; readonly byMs: number }
  | {
      readonly kind: 'hostile-headers';
      readonly values: 'negative' | 'nan' | 'years-ahead' | 'long-past' | 'empty' | 'overflow';
    }
  | { readonly kind: 'missing-rate-headers' }
  /** Any other; undefined leaves a header out. Names in lower case. */
  | { readonly kind: 'headers'; readonly set: Readonly<Record<string, string | undefined>> };

/** What happens to the job, its files or its result, just before the request is acted on. */
export type JobFault =
  /** Somebody touched the job: its item version is raised, nothing else. */
  | { readonly kind: 'version-conflict' }
  /** Somebody else works on the same job. Slots without a value in `values` get one that is valid and not likely ours. */
  | {
      readonly kind: 'second-actor';
      readonly does: 'answers-and-confirms' | 'confirms' | 'sets-slots';
      readonly values?: Readonly<Record<string, SlotValue>>;
    }
  /** The files that a create names have expired. */
  | { readonly kind: 'file-expired' }
  /** After its confirm the job shows this word for so long. */
  | { readonly kind: 'lingering'; readonly phase: 'pending' | 'confirming'; readonly forMs: number }
  /** The work never gets beyond a part of it (default 0.99). */
  | { readonly kind: 'stuck'; readonly at?: number }
  /** The work pauses. */
  | { readonly kind: 'stalled-progress'; readonly forMs: number }
  | { readonly kind: 'job-fails'; readonly error: string }
  /** The server knows the job no more: 404. */
  | { readonly kind: 'job-lost' }
  /** The checkpoint that is confirmed next comes again, so many times (default 1), under the same id and a higher version. */
  | { readonly kind: 'repeated-checkpoint'; readonly times?: number }
  /** The result is gone, before its 24 hours. */
  | { readonly kind: 'retention-ended' }
  /** The result is made again: other bytes, another ETag. */
  | { readonly kind: 'changed-result' };

/** What is wrong with the JSON of a successful reply. */
export type BodyFault =
  /** A status or job read answers as of an earlier phase: default the one before. */
  | { readonly kind: 'stale-status'; readonly back?: number }
  /** A read shows an item version that was left behind by so many (default 1): after a 409 it is the one that was refused. */
  | { readonly kind: 'stale-version'; readonly back?: number }
  | { readonly kind: 'unknown-status'; readonly word: string }
  | { readonly kind: 'backwards-progress'; readonly byPercent: number }
  /** Default: every field that the reference shows as optional, by showing replies without it. */
  | { readonly kind: 'missing-fields'; readonly fields?: readonly string[] }
  | { readonly kind: 'extra-fields' }
  /** camelCase where the reference has snake_case, and the other way round. */
  | { readonly kind: 'switched-spelling' }
  /** A success without a body: meant for confirm (202), whose body the reference does not show. */
  | { readonly kind: 'empty-body' }
  | { readonly kind: 'hostile-filename'; readonly filename: string }
  /** Step 8's URL is already expired; on the storage origin: it expires now. */
  | { readonly kind: 'expired-url' }
  | { readonly kind: 'changed-body'; readonly change: (body: unknown) => unknown };

/** One thing that goes wrong with one exchange. Several can go wrong with the same. */
export type Fault = TransportFault | ReplyFault | HeaderFault | JobFault | BodyFault;
export type FaultKind = Fault['kind'];
