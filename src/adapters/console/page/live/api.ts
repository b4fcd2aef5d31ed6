import { CONSOLE_HEADER } from '../../wire/events.js';
import { failureInWords, withAdvice } from '../words/failure-words.js';

/** A refusal by the console's server; the message is the server's. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    /** 0 if there was no response. */
    readonly status: number,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const NO_ANSWER = 'goal-lane on this computer does not answer. Your jobs are safe; try again in a moment.';

/** @throws ApiError */
export async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const headers: Record<string, string> = { [CONSOLE_HEADER]: '1' };
  if (body !== undefined || method === 'POST') headers['Content-Type'] = 'application/json';
  const response = await fetch(path, {
    method,
    headers,
    ...(method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(body ?? {}) }),
  }).catch(() => {
    throw new ApiError(0, NO_ANSWER);
  });
  const answer: unknown = await response.json().catch(() => ({}));
  // Boundary: our own server; its routes and this page come from the same build.
  if (response.ok) return answer as Answer;
  const details = recordOf(answer);
  const message =
    typeof details.message === 'string' ? details.message : `The server said ${response.status}.`;
  throw new ApiError(response.status, message, details);
}

export function wordsOf(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong in this page. Load it again.';
  const { message, details } = error;
  const speaker = String(details.speaker);
  return withAdvice(failureInWords({ kind: String(details.error), message, speaker }), details.advice);
}
