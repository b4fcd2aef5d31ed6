import { z } from 'zod';
import type { FaultRule } from './fault-plan.js';

const ms = z.number().nonnegative();
const count = z.int().nonnegative();
const words = z.record(z.string(), z.string());
const of = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ kind: z.literal(kind), ...shape });

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

const errorBody = z.union([
  z.enum([
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
  ]),
  z.strictObject({ type: z.string(), text: z.string() }),
]);

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
] as const;

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
] as const;

const headers = [
  of('reset-format', { format: z.enum(['epoch-s', 'epoch-ms', 'delta-s', 'http-date', 'iso']) }),
  of('clock-skew', { byMs: z.number() }),
  of('hostile-headers', {
    values: z.enum(['negative', 'nan', 'years-ahead', 'long-past', 'empty', 'overflow']),
  }),
  of('missing-rate-headers', {}),
  of('headers', { set: words }),
] as const;

const jobs = [
  of('version-conflict', {}),
  of('second-actor', { does: z.enum(['answers-and-confirms', 'confirms', 'sets-slots']) }),
  of('file-expired', {}),
  of('lingering', { phase: z.enum(['pending', 'confirming']), forMs: ms }),
  of('stuck', { at: z.number().min(0).max(1).exactOptional() }),
  of('stalled-progress', { forMs: ms }),
  of('job-fails', { error: z.string() }),
  of('job-lost', {}),
  of('repeated-checkpoint', { times: count.exactOptional() }),
  of('retention-ended', {}),
  of('changed-result', {}),
] as const;

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
] as const;

const fault = z.discriminatedUnion('kind', [...transport, ...replies, ...headers, ...jobs, ...bodies]);

const endpoint = z.enum([
  'catalog',
  'upload',
  'create',
  'job',
  'slots',
  'confirm',
  'status',
  'download',
  'storage',
]);

const rules = z.array(
  z.strictObject({
    fault: z.union([fault, z.array(fault)]),
    on: z.union([endpoint, z.array(endpoint)]).exactOptional(),
    method: z.string().exactOptional(),
    nth: z.union([z.int().positive(), z.array(z.int().positive())]).exactOptional(),
    times: z.int().positive().exactOptional(),
    probability: z.number().min(0).max(1).exactOptional(),
  }),
);

/**
 * Fault rules as JSON: a list of {@link FaultRule}s, without the features that need code (`when`, `changed-body`, values of a
 * second actor).
 * @throws TypeError that names the rule and what is wrong with it
 */
export function parseFaultRules(text: string): readonly FaultRule[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TypeError('is not JSON');
  }
  const parsed = rules.safeParse(json);
  if (!parsed.success) throw new TypeError(z.prettifyError(parsed.error));
  return parsed.data;
}
