import { isApisRefusal } from '../speakers/api-signs.js';
import type { ReplySigns } from '../speakers/reply-signs.js';
import { serverWords } from '../wire/server-words.js';

/** The statuses that mean "not done". 408 and 499 do not: work that was started may still complete. */
const NOT_DONE: ReadonlySet<number> = new Set([
  ...[400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417],
  ...[421, 422, 423, 424, 425, 426, 428, 429, 431, 451],
]);

/** Error names for internal trouble of a server, whatever the status. */
const OWN_TROUBLE =
  /^(internal|(internal_)?(server|service)_(error|failure|exception)|internal_(error|failure|exception)|(unexpected|unknown|unhandled)_(error|failure|exception)|(\w+_)?time(d_|_)?out|bad_gateway|(service_|temporarily_)?unavailable|upstream_\w+)$/;

/** `InternalServerError`, `INTERNAL_SERVER_ERROR` and "Internal server error." are the same name. */
const asName = (words: string): string =>
  words
    .replace(/([a-z])(?=[A-Z])/g, '$1_')
    .toLowerCase()
    .replace(/[^a-z]+/g, '_')
    .replace(/^_|_$/g, '');

const isOwnTrouble = (words: string | undefined): boolean =>
  words !== undefined && OWN_TROUBLE.test(asName(words));

const CODES = ['code', 'status', 'statusCode', 'status_code'];

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;

/** Whether the body contains a contradicting status; the reference puts one into the body too. */
function saysOtherStatus(json: unknown): boolean {
  const codes = [json, fieldOf(json, 'error')].flatMap((object) =>
    CODES.map((name) => fieldOf(object, name)),
  );
  return codes.some((code) => {
    const status = typeof code === 'string' || typeof code === 'number' ? Number(code) : 0;
    return status >= 400 && status < 600 && !NOT_DONE.has(status);
  });
}

/**
 * Law 1, never twice: whether it is certain that nothing was done. Only the API itself can say so, with a status that means it
 * and without a contradiction: an `internal_error`, or a `code` of 500, under a status of 400 means trouble halfway through
 * ("Error Handling").
 */
export function isCertainlyNotDone(signs: ReplySigns): boolean {
  if (!NOT_DONE.has(signs.status) || !isApisRefusal(signs)) return false;
  // A limit is checked before any work starts.
  if (signs.status === 429) return true;
  const { error, message } = serverWords(signs.json);
  return !isOwnTrouble(error) && !isOwnTrouble(message) && !saysOtherStatus(signs.json);
}
