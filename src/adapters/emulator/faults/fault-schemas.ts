import * as z from 'zod';
import type { FaultKind } from './fault.js';

const ms = z.number().nonnegative();
const count = z.int().nonnegative();
const words = z.record(z.string(), z.string());
const code = z.custom<unknown>(
  (value) => typeof value === 'function',
  'must be a function, which only code can give',
);
const of = (kind: FaultKind, shape: z.core.$ZodLooseShape): readonly [string, z.ZodObject] => [
  kind,
  z.strictObject({ kind: z.literal(kind), ...shape }),
];

const retryAfter = z.strictObject({
  form: z.enum([
    'seconds',
    'date',
    'rfc850',
    'asctime',
    'fraction',
    'iso',
    'negative',
    'overflow',
    'words',
    'empty',
  ]),
  inMs: ms,
});

const ERROR_BODIES = [
  'html',
  'json',
  'text',
  'xml',
  'empty',
  'odd-json',
  'deep-json',
  'lone-surrogates',
  'many-fields',
  'out-of-range',
  'null',
  'list',
] as const;

const errorBody = z.union(
  [z.enum(ERROR_BODIES), z.strictObject({ type: z.string(), text: z.string() })],
  `must be ${ERROR_BODIES.join(', ')}, or { type, text }`,
);

const speaker = z.enum([
  'cdn-challenge',
  'waf',
  'proxy-login',
  'proxy-refusal',
  'proxy-trouble',
  'portal-redirect',
  'portal-page',
  'portal-511',
  'gateway-login',
]);

const transport = [
  of('connection-refused', { forMs: ms.exactOptional() }),
  of('reset', { when: z.enum(['before', 'after']) }),
  of('hung', { when: z.enum(['before', 'after']).exactOptional() }),
  of('slow-reply', { delayMs: ms }),
  of('cut-body', {
    afterBytes: count.exactOptional(),
    ending: z.enum(['reset', 'hang']).exactOptional(),
  }),
  of('unsized-body', { framing: z.enum(['close', 'chunked']), cut: z.boolean().exactOptional() }),
  of('content-encoding', {
    encoding: z.enum(['gzip', 'deflate', 'br', 'identity']),
    label: z.string().exactOptional(),
  }),
  of('early-reply', { afterBytes: count.exactOptional() }),
];

const replies = [
  of('http-error', {
    status: z.int().min(200).max(599),
    body: errorBody.exactOptional(),
    headers: words.exactOptional(),
    acted: z.boolean().exactOptional(),
    retryAfter: retryAfter.exactOptional(),
  }),
  of('rate-limited', {
    resetInMs: ms.exactOptional(),
    retryAfter: retryAfter.exactOptional(),
    holds: z.boolean().exactOptional(),
  }),
  of('too-many-jobs', { resetInMs: ms.exactOptional() }),
  of('garbled-body', { body: z.enum(['empty', 'html', 'cut-json', 'text']) }),
  of('redirect', { to: z.string(), status: z.int().min(300).max(399).exactOptional() }),
  of('other-speaker', { who: speaker, acted: z.boolean().exactOptional() }),
  of('replica-lag', { lagMs: ms.exactOptional() }),
  of('range-ignored', {}),
  of('url-not-yet-valid', { lagMs: ms.exactOptional() }),
  of('wrong-result', {
    body: z.enum(['login-page', 'storage-error', 'empty', 'api-error', 'half']),
  }),
];

const headers = [
  of('reset-format', { format: z.enum(['epoch-s', 'epoch-ms', 'delta-s', 'http-date', 'iso']) }),
  of('clock-skew', { byMs: z.number() }),
  of('hostile-headers', {
    values: z.enum(['negative', 'nan', 'years-ahead', 'long-past', 'empty', 'overflow']),
  }),
  of('missing-rate-headers', {}),
  of('headers', { set: z.record(z.string(), z.string().optional()) }),
];

const jobs = [
  of('version-conflict', {}),
  of('second-actor', {
    does: z.enum(['answers-and-confirms', 'confirms', 'sets-slots']),
    values: z.record(z.string(), z.unknown()).exactOptional(),
  }),
  of('file-expired', {}),
  of('lingering', { phase: z.enum(['pending', 'confirming']), forMs: ms }),
  of('stuck', { at: z.number().min(0).max(1).exactOptional() }),
  of('stalled-progress', { forMs: ms }),
  of('job-fails', { error: z.string() }),
  of('job-lost', {}),
  of('repeated-checkpoint', { times: count.exactOptional() }),
  of('retention-ended', {}),
  of('changed-result', {}),
];

const bodies = [
  of('stale-status', { back: count.exactOptional() }),
  of('stale-version', { back: count.exactOptional() }),
  of('unknown-status', { word: z.string() }),
  of('backwards-progress', { byPercent: z.number() }),
  of('missing-fields', { fields: z.array(z.string()).exactOptional() }),
  of('extra-fields', {}),
  of('switched-spelling', {}),
  of('empty-body', {}),
  of('hostile-filename', { filename: z.string() }),
  of('expired-url', {}),
  of('changed-body', { change: code }),
];

/** The fields of every kind of fault. */
export const FAULT_SCHEMAS: ReadonlyMap<string, z.ZodObject> = new Map<string, z.ZodObject>([
  ...transport,
  ...replies,
  ...headers,
  ...jobs,
  ...bodies,
]);
