import type { Failure } from '../../src/services/failure.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** An answer of a service that is a refusal, under a short name. */
export interface NamedFailure {
  readonly name: string;
  readonly reply: {
    readonly ok: false;
    readonly failure: Failure;
    readonly at: number;
    readonly random: number;
  };
  /** Time has passed before it came. */
  readonly isLater?: boolean;
}

const refusal = (
  name: string,
  kind: Failure['kind'],
  delivery: Failure['delivery'],
  more: Partial<Failure> = {},
  at = 0,
): NamedFailure => ({
  name,
  reply: { ok: false, failure: { kind, delivery, message: name, advice: '', ...more }, at, random: 0 },
  ...(at > 0 ? { isLater: true } : {}),
});

/*
 * One failure of each class that the machine distinguishes. `judge` looks at: is it a limit (with a known
 * end, or not)? does the kind heal (network, server, bad-response, aborted)? was it refused on this machine? did the API say it,
 * or another in its place? is the key refused? does it say when to ask again? and for PATCH and confirm: conflict, invalid
 * transition, may the server have acted? Everything else is one class.
 */
const heals = refusal('certainly not delivered', 'network', 'not-sent');
const lost = refusal('reply lost', 'server', 'unknown');
const limitKnown = refusal('limit with a known end', 'rate-limited', 'refused', { retryAt: 0 });
const limitOpenEnded = refusal('limit without an end', 'rate-limited', 'refused');
const keyRefused = refusal('key refused', 'key-refused', 'refused');
const hopeless = refusal('will not heal', 'rejected', 'refused');
const byAnother = refusal('key refused by a proxy', 'key-refused', 'refused', { speaker: 'proxy' });
const reported = refusal('locked until a time', 'rejected', 'refused', { retryAt: 0 });
const local = refusal('refused on this machine', 'storage', 'not-sent');

/** For reads: whether the server saw them makes no difference. */
const anyCall: readonly NamedFailure[] = [heals, limitKnown, limitOpenEnded, keyRefused, hopeless, local];

/** Who said it, and whether until when, matters where the API's own word is the last: about a job any refusal is waited out. */
const beforeTheJob: readonly NamedFailure[] = [...anyCall, byAnother, reported];

const guarded: readonly NamedFailure[] = [
  ...anyCall,
  lost,
  refusal('409', 'version-conflict', 'refused'),
  refusal('400', 'invalid-transition', 'refused'),
  refusal('422 naming the slot', 'validation', 'refused', {
    fieldErrors: [{ field: 'a', message: 'no' }],
  }),
  refusal('422 naming nothing', 'validation', 'refused'),
];

const aboutFiles = { fieldErrors: [{ field: 'fileIds', message: 'file x has expired' }] };
const create: readonly NamedFailure[] = [
  ...beforeTheJob,
  lost,
  refusal('ticket of another process', 'outcome-unknown', 'unknown'),
  refusal('lost behind a redirect', 'rejected', 'unknown'),
  refusal('files expired', 'validation', 'refused', aboutFiles),
  refusal('refused a day later', 'validation', 'refused', {}, DAY_MS),
];

const own: Readonly<Record<string, readonly NamedFailure[]>> = {
  inspectFiles: [refusal('no such file', 'file', 'not-sent')],
  issueTicket: [refusal('no ticket', 'internal', 'unknown')],
  loadCatalog: beforeTheJob,
  uploadFiles: beforeTheJob,
  createJob: create,
  fillSlots: guarded,
  confirmJob: guarded,
  saveResult: [...anyCall, refusal('URL refused', 'gone', 'refused')],
  waitUntil: [refusal('clock broken', 'internal', 'unknown')],
  deadline: [refusal('clock broken', 'internal', 'unknown')],
  pollTurn: [refusal('lane closed', 'internal', 'unknown')],
  // A lane may say until when its creations of the day are spent.
  startTurn: [...beforeTheJob, refusal('lane closed', 'internal', 'unknown')],
};

/**
 * Every way in which every service can refuse; only those before there is a job; a create without a reply, and reads of the job that is
 * then adopted; only those of status reads; or only what law 2 is about.
 */
export type FailureScope = 'all' | 'creation' | 'adoption' | 'reading' | 'conflicts';

const CONFLICTS = new Set(['409', '400', 'reply lost', '422 naming the slot', 'certainly not delivered']);

const BEFORE_THE_JOB = new Set([
  'inspectFiles',
  'loadCatalog',
  'startTurn',
  'uploadFiles',
  'issueTicket',
  'createJob',
  'waitUntil',
  'deadline',
]);

export function failuresOf(src: string, scope: FailureScope): readonly NamedFailure[] {
  const every = own[src] ?? anyCall;
  if (scope === 'all') return every;
  if (scope === 'reading') return src === 'getStatus' || src === 'pollTurn' ? every : [];
  if (scope === 'adoption')
    return src === 'getJob' ? every : every.filter(({ name }) => src === 'createJob' && name === lost.name);
  if (scope === 'creation') return BEFORE_THE_JOB.has(src) ? every : [];
  return src === 'fillSlots' || src === 'confirmJob' ? every.filter(({ name }) => CONFLICTS.has(name)) : [];
}
