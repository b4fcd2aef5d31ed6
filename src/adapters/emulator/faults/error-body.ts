import { apiError } from '../model/api-error.js';
import type { ErrorBody } from './fault-kinds.js';

/** A page as a web server or a gateway produces it. */
export const htmlPage = (title: string, text: string): string =>
  `<!DOCTYPE html><html><head><title>${title}</title><style>h1{color:#333}</style></head>` +
  `<body><h1>${title}</h1><p>${text}</p><hr>nginx</body></html>`;

const WORDS: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'version_conflict',
  413: 'payload_too_large',
  422: 'validation_error',
  423: 'locked',
  429: 'rate_limited',
  503: 'unavailable',
};

type Content = readonly [type: string | undefined, text: string];

const JSON_TYPE = 'application/json';
const DEPTH = 20_000;
const FIELDS = 50_000;

const jsonBody = (value: unknown): Content => [JSON_TYPE, JSON.stringify(value)];

function manyFields(code: number): Content {
  const errors = Array.from({ length: FIELDS }, (_, index) => ({ field: `f${index}`, message: 'is wrong' }));
  return jsonBody({ error: 'validation_error', message: `${FIELDS} fields not valid`, code, errors });
}

const deep = (): string => `${'{"message":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`;

const oddErrors = '[{"loc":[{"toString":1}],"msg":{"valueOf":null}},{"__proto__":{"field":"x"}}]';

const CONTENTS: Readonly<Record<Extract<ErrorBody, string>, (status: number) => Content>> = {
  html: (status) => [
    'text/html; charset=utf-8',
    htmlPage(String(status), 'upstream connect error &amp; no healthy upstream'),
  ],
  json: (status) =>
    jsonBody(apiError(status, WORDS[status] ?? 'internal_error', 'Something went wrong').body),
  text: (status) => ['text/plain', `error ${status}`],
  xml: (status) => ['application/xml', `<?xml version="1.0"?><Error><Code>${status}</Code></Error>`],
  empty: () => [undefined, ''],
  'odd-json': (status) => [
    JSON_TYPE,
    `{"toString":1,"error":{"toString":1},"message":["constructor"],"code":${status},"errors":${oddErrors}}`,
  ],
  'deep-json': () => [JSON_TYPE, deep()],
  // Escaped, as a server sends them; the characters themselves cannot be encoded.
  'lone-surrogates': (status) => [
    JSON_TYPE,
    `{"error":"\\ud800","message":"half \\udc00 of it","code":${status},"jobSpecId":"job_\\ud83d"}`,
  ],
  'many-fields': manyFields,
  'out-of-range': (status) => [
    JSON_TYPE,
    `{"error":"late","message":"Come back","code":${status}e400,"retryAt":"+275761-01-01T00:00:00Z","retryAfter":-1e308}`,
  ],
  null: () => [JSON_TYPE, 'null'],
  list: () => [JSON_TYPE, '[]'],
};

/** Content type and text of an error body. */
export function errorContent(body: ErrorBody, status: number): Content {
  return typeof body === 'string' ? CONTENTS[body](status) : [body.type, body.text];
}
