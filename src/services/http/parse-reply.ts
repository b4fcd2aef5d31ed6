import type { ZodMiniType } from 'zod/mini';
import { errorFromFailure } from '../errors/error-from-failure.js';
import { issuesInWords, issueWords } from '../wire/issue-words.js';
import { parseJson } from '../wire/parse-json.js';
import { plainWords } from '../wire/server-words.js';

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
  let wrong = 'body: nested beyond measure';
  try {
    // Not by `z.config`, which is the host's, too.
    const parsed = schema.safeParse(json, { error: issueWords });
    if (parsed.success) return parsed.data;
    wrong = issuesInWords(parsed.error.issues, 'body');
  } catch {
    // The stack of the parser overflowed.
  }
  throw badResponse(method, path, `not as the reference says: ${wrong}`);
}
