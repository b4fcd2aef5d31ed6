import { defined } from '../../../services/defined.js';
import type { TracedExchange, TraceOptions } from '../../../services/http/exchange.js';
import { looseJson } from '../../../services/wire/loose-json.js';
import { withoutSlotValues } from './without-values.js';

type HarOptions = Pick<TraceOptions, 'values'>;

interface NamedValue {
  readonly name: string;
  readonly value: string;
}

const namedValues = (headers: TracedExchange['requestHeaders'] = {}): NamedValue[] =>
  Object.entries(headers).map(([name, value]) => ({ name, value: String(value) }));

/** A body as shown in the trace: JSON without slot values, or its text. */
function shownBody(text: string, { values = false }: HarOptions): string {
  if (values) return text;
  const body = looseJson(text);
  return typeof body === 'string' ? text : JSON.stringify(withoutSlotValues(body));
}

const mimeOf = (headers: TracedExchange['requestHeaders'] | undefined): string =>
  namedValues(headers).find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';

const lengthOf = (headers: TracedExchange['requestHeaders'] | undefined): number => {
  const length = Number(
    namedValues(headers).find(({ name }) => name.toLowerCase() === 'content-length')?.value,
  );
  return Number.isInteger(length) && length >= 0 ? length : -1;
};

function requestOf(exchange: TracedExchange, options: HarOptions) {
  const { method, url, requestHeaders, requestText } = exchange;
  const query = URL.canParse(url) ? [...new URL(url).searchParams] : [];
  const mimeType = mimeOf(requestHeaders);
  const text = requestText === undefined ? undefined : shownBody(requestText, options);
  return {
    method,
    url,
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: namedValues(requestHeaders),
    queryString: query.map(([name, value]) => ({ name, value })),
    ...(text === undefined ? {} : { postData: { mimeType, text } }),
    headersSize: -1,
    bodySize: requestText === undefined ? lengthOf(requestHeaders) : Buffer.byteLength(requestText),
  };
}

/** Without a reply, browsers write status 0, and so does a trace. */
function responseOf(exchange: TracedExchange, options: HarOptions) {
  const { status = 0, responseHeaders, responseText, failure } = exchange;
  const text = responseText === undefined ? undefined : shownBody(responseText, options);
  const size = responseText === undefined ? lengthOf(responseHeaders) : Buffer.byteLength(responseText);
  const location = namedValues(responseHeaders).find(({ name }) => name.toLowerCase() === 'location');
  return {
    status,
    statusText: failure?.kind ?? '',
    httpVersion: status === 0 ? '' : 'HTTP/1.1',
    cookies: [],
    headers: namedValues(responseHeaders),
    content: {
      size: Math.max(0, size),
      mimeType: mimeOf(responseHeaders) || 'x-unknown',
      ...defined({ text }),
    },
    redirectURL: location?.value ?? '',
    headersSize: -1,
    bodySize: size,
    ...(failure === undefined ? {} : { _error: failure.message }),
  };
}

/** -1 means that a phase is unknown or did not happen. */
const timingsOf = ({ ms, phases }: TracedExchange) => ({
  blocked: phases?.queued ?? -1,
  dns: -1,
  connect: -1,
  ssl: -1,
  send: 0,
  wait: phases?.waiting ?? ms,
  receive: phases?.receiving ?? 0,
});

/** One exchange as an entry of HAR 1.2; fields specific to goal-lane are under `_goalLane`. */
export function harEntry(exchange: TracedExchange, options: HarOptions = {}): object {
  const { jobId, jobSpecId, state, attempt, itemVersionSent, itemVersionGot, limit } = exchange;
  const known = defined({ jobId, jobSpecId, state, itemVersionSent, itemVersionGot, limit });
  const timings = timingsOf(exchange);
  return {
    startedDateTime: new Date(exchange.startedAt).toISOString(),
    time: [timings.blocked, timings.send, timings.wait, timings.receive].reduce(
      (sum, ms) => sum + Math.max(0, ms),
      0,
    ),
    request: requestOf(exchange, options),
    response: responseOf(exchange, options),
    cache: {},
    timings,
    _goalLane: { to: exchange.to, attempt, ...known },
  };
}
