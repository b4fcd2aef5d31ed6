import type { ZodMiniType } from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { errorFromFailure } from '../errors/error-from-failure.js';
import { parseJson } from '../wire/parse-json.js';
import { plainWords } from '../wire/server-words.js';

/** What is wrong in plain words; not by `z.config`, which is the host's, too. */
const WORDS = en().localeError;

/** A success that cannot be understood; the server did act. */
function badResponse(method: string, path: string, what: string): Error {
  return errorFromFailure({
    kind: 'bad-response',
    message: `${method} ${path} answered, but ${what}`,
    advice: 'Try again; if this persists, the server does not follow the API reference.',
    delivery: 'unknown',
    method,
    path,
  });
}

/** Parses the redacted body of a success. */
export function parseReply<Value>(
  schema: ZodMiniType<Value>,
  method: string,
  path: string,
  body: string,
): Value {
  let json: unknown;
  try {
    json = parseJson(body);
  } catch {
    throw badResponse(
      method,
      path,
      body.trim() === '' ? 'with an empty body' : `not with JSON: ${plainWords(body).slice(0, 80)}`,
    );
  }
  const issues: string[] = [];
  try {
    const parsed = schema.safeParse(json, { error: WORDS });
    if (parsed.success) return parsed.data;
    for (const { path: at, message } of parsed.error.issues)
      issues.push(`${at.join('.') || 'body'}: ${message}`);
  } catch {
    issues.push('body: nested beyond measure');
  }
  throw badResponse(method, path, `not as the reference says: ${issues.slice(0, 5).join('; ')}`);
}
