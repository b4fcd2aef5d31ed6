import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import { refuseInput } from '../../../services/refuse-input.js';
import { addressUrlFault } from '../check-values.js';
import { isForbidden, parsedAnswer } from '../engine-answers.js';
import { withinTime } from '../within-time.js';

export const DEFAULT_ADMIN = 'http://127.0.0.1:9070';

/** The engine's admin API: its URL, with headers where a gateway before it requires them. */
export type AdminApi = string | { readonly url: string; readonly headers: Readonly<Record<string, string>> };

const trouble = (
  admin: string,
  what: string,
  advice = 'Start it, or name its administration address.',
): Error =>
  errorFromFailure({
    kind: 'network',
    message: `the durable engine at ${admin} cannot be used: ${what}`,
    advice,
    delivery: 'unknown',
  });

/** A gateway's word about the headers of this client: waiting does not change it. */
const barred = (url: string, status: number): Error =>
  errorFromFailure({
    kind: 'rejected',
    message: `the durable engine at ${url} cannot be used: a gateway before it has answered ${status}`,
    advice: 'Give it the `headers` that it requires.',
    delivery: 'unknown',
  });

const LONGEST_SHOWN = 300;
const shown = (text: string): string => text.replace(/\s+/g, ' ').slice(0, LONGEST_SHOWN);

/** The message in an answer of the engine, on one line. */
function wordsIn(text: string): string {
  try {
    const { message }: { message?: unknown } = { ...JSON.parse(text) };
    if (typeof message === 'string') return shown(message);
  } catch {
    // Not the engine's own answer, so shown as it is.
  }
  return shown(text);
}

/** Sends a request to the engine's admin API; returns the body as JSON. @param advice where it refuses */
export async function askAdmin(
  admin: AdminApi,
  path: string,
  init: RequestInit = {},
  advice?: string,
): Promise<unknown> {
  const { url, headers } = typeof admin === 'string' ? { url: admin, headers: {} } : admin;
  const fault = addressUrlFault(url);
  if (fault !== undefined) refuseInput([`admin ${fault}`], 'Name the admin API of the engine.');
  let reply: Response;
  let text: string;
  try {
    [reply, text] = await withinTime(30_000, async (signal) => {
      const own = { 'Content-Type': 'application/json', Accept: 'application/json', ...headers };
      const answer = await fetch(`${url.replace(/\/+$/, '')}${path}`, { ...init, headers: own, signal });
      return [answer, await answer.text()] as const;
    });
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw trouble(url, cause instanceof Error ? cause.message : String(cause));
  }
  if (isForbidden(reply.status)) throw barred(url, reply.status);
  if (!reply.ok) throw trouble(url, `${path} answered ${reply.status}: ${wordsIn(text)}`, advice);
  return parsedAnswer(text, () => trouble(url, `${path} answered with what is no JSON: ${shown(text)}`));
}
