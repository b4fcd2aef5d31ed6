import type { Attributes } from '@opentelemetry/api';
import { defined } from '../../services/defined.js';
import type { TracedExchange } from '../../services/http/exchange.js';
import { nameIn, numberIn, wordIn } from '../inspector/visible.js';

const JOB_PATH = /^\/jobs\/goal\/[^/]+(\/(?:slots|confirm|status|download))?$/;
const FIXED_PATHS: ReadonlySet<string> = new Set(['/workflows/catalog', '/upload', '/jobs/goal']);

/**
 * The path template of an exchange in the API reference, without the job's id. Storage has none, because its paths are not
 * templates.
 */
export function templateOf({ to, path }: TracedExchange): string | undefined {
  if (to !== 'api') return undefined;
  if (FIXED_PATHS.has(path)) return path;
  const [whole, call = ''] = JOB_PATH.exec(path) ?? [];
  return whole === undefined ? undefined : `/jobs/goal/{jobSpecId}${call}`;
}

const READ = '/jobs/goal/{jobSpecId}/status';

/** A status read ("Step 6: Poll for Status"). */
export const isPoll = (exchange: TracedExchange): boolean =>
  exchange.method === 'GET' && templateOf(exchange) === READ;

/** The HTTP status if it is 400 or more, or the kind of a failure without a reply; undefined on success. */
export function errorTypeOf({ status, failure }: TracedExchange): string | undefined {
  if (status !== undefined) return status >= 400 ? String(status) : undefined;
  return wordIn(failure?.kind) ?? '_OTHER';
}

const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port);

/** Only for the API, whose URLs have no query, and only if the inspector would also show the job's id in it. */
function urlOf({ to }: TracedExchange, url: URL): string | undefined {
  const isShown = url.pathname.split('/').every((part) => part === '' || nameIn(part) !== undefined);
  return to === 'api' && isShown ? `${url.origin}${url.pathname}` : undefined;
}

/** The attributes of a metric: each has few values. */
export function metricAttributes(exchange: TracedExchange): Attributes {
  const url = URL.canParse(exchange.url) ? new URL(exchange.url) : undefined;
  return defined({
    'http.request.method': exchange.method,
    'server.address': url?.hostname.replace(/^\[|\]$/g, ''),
    'server.port': url && portOf(url),
    'url.template': templateOf(exchange),
    'http.response.status_code': exchange.status,
    'error.type': errorTypeOf(exchange),
  });
}

/** The attributes of a call's span (semantic conventions for HTTP clients). */
export function callAttributes(exchange: TracedExchange): Attributes {
  const { url, attempt, jobId, jobSpecId, itemVersionSent } = exchange;
  return {
    ...metricAttributes(exchange),
    ...defined({
      'url.full': URL.canParse(url) ? urlOf(exchange, new URL(url)) : undefined,
      'http.request.resend_count': attempt > 1 ? attempt - 1 : undefined,
      'goal_lane.job.id': nameIn(jobId),
      'goal_lane.job.spec_id': nameIn(jobSpecId),
      'goal_lane.item_version': numberIn(itemVersionSent),
    }),
  };
}

/** `PATCH /jobs/goal/{jobSpecId}/slots`; only the method for storage. */
export const callName = (exchange: TracedExchange): string =>
  [exchange.method, templateOf(exchange) ?? ''].join(' ').trim();
