/** The calls of the reference, and the GET of the pre-signed URL. */
export type Call =
  | 'catalog'
  | 'upload'
  | 'create'
  | 'job'
  | 'slots'
  | 'confirm'
  | 'status'
  | 'download'
  | 'storage';

/** A 429, and what its reply contains. */
export interface Limit {
  readonly do: 'limit';
  /** The limit is shut for so long from the first refusal. */
  readonly ms: number;
  readonly header: 'reset' | 'retry-after' | 'retry-after-date' | 'both' | 'none';
  /** Too many jobs at once; the reset in the reply is of the day's quota. */
  readonly concurrency?: boolean;
  readonly remaining?: number;
}

export type Fault =
  /** Answers so; `acting` does what was asked first. */
  | {
      readonly do: 'answer';
      readonly status: number;
      readonly body?: unknown;
      readonly type?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly acting?: boolean;
    }
  | { readonly do: 'reset'; readonly acting?: boolean }
  /** Says nothing, and hangs up after so long. */
  | { readonly do: 'hang'; readonly ms: number; readonly acting?: boolean }
  | { readonly do: 'slow'; readonly ms: number }
  /** Acts; the reply breaks off in the middle. */
  | { readonly do: 'cut' }
  /** Acts; the reply is whole, and not JSON. */
  | { readonly do: 'garble'; readonly body: string }
  /** The server does not listen for so long; the request that meets it is reset, or is the last that is answered. */
  | { readonly do: 'refuse'; readonly ms: number; readonly acting?: boolean }
  /** Acts and answers well, with the last request of the window: nothing more is wanted before its reset. */
  | { readonly do: 'spent'; readonly ms: number }
  | Limit;

export interface ScriptedFault {
  readonly on: Call;
  /** Which of the calls, from 1. */
  readonly nth: number;
  /** So many in a row (default 1). */
  readonly times?: number;
  readonly fault: Fault;
}

export const faultOf = (script: readonly ScriptedFault[], call: Call, nth: number): Fault | undefined =>
  script.find((entry) => entry.on === call && nth >= entry.nth && nth < entry.nth + (entry.times ?? 1))
    ?.fault;

export const html = (status: number): Fault => ({
  do: 'answer',
  status,
  type: 'text/html; charset=utf-8',
  body: `<!DOCTYPE html><html><head><title>${status}</title><style>p{}</style></head><body><h1>${status}</h1></body></html>`,
});
