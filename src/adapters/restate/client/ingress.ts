import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import type { CatalogAnswer, CatalogMessage } from '../calls/catalog-service.js';
import { ENDED_ONCE } from '../ended.js';
import { isForbidden, parsedAnswer } from '../engine-answers.js';
import type { EndedJob } from '../messages.js';
import { SERVICES } from '../names.js';
import { withinTime } from '../within-time.js';

/** The engine's ingress: each function sends one request, and none is retried. */
export interface Ingress {
  call<Answer>(jobId: string, handler: string, message: unknown, signal?: AbortSignal): Promise<Answer>;
  /** The workflows of a key, from a worker. */
  catalog(message: CatalogMessage): Promise<CatalogAnswer>;
  /** Resolves when the engine has stored it. */
  submit(jobId: string, handler: string, message: unknown, once: string): Promise<void>;
  /** How a job has ended; `ending` until a worker has stored that; undefined if it has not, or it is too long ago. */
  ended(jobId: string, signal?: AbortSignal): Promise<EndedJob | 'ending' | undefined>;
  /** Whether a job was submitted and its first handler has not ended. */
  isStarting(jobId: string, once: string): Promise<boolean>;
}

const WAYS = ['completed', 'detached', 'failed'] as const;
const LONGEST_MS = 60_000;
/** The engine's answer for a handler that has not ended. */
const NOT_READY = 470;

const unreachable = (what: string): Error =>
  errorFromFailure({
    kind: 'network',
    message: `the durable engine cannot be reached: ${what}`,
    advice: 'Try again: the engine does nothing twice under the same id.',
    delivery: 'unknown',
  });

function refused(status: number, text: string): Error {
  const message = `the durable engine has answered ${status}: ${shown(text)}`;
  const delivery = 'unknown';
  // Waiting does not change it.
  if (isForbidden(status))
    return errorFromFailure({
      kind: 'rejected',
      message,
      advice: 'Fix the `headers` of the client.',
      delivery,
    });
  const advice =
    status === 404
      ? 'Start a worker: the engine knows no jobs until one has registered.'
      : 'Try again: the engine does nothing twice under the same id.';
  return errorFromFailure({ kind: 'network', message, advice, delivery });
}

const shown = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200);

/** A proxy that answers in the engine's place is waited out like an engine that is away. */
const parsed = (text: string): unknown =>
  parsedAnswer(text, () => unreachable(`something else has answered: ${shown(text)}`));

/** A message that something else has taken is not stored. */
function checkStored(text: string): void {
  const answer = parsed(text);
  const isStored = typeof answer === 'object' && answer !== null && 'invocationId' in answer;
  if (!isStored) throw unreachable(`something else has answered: ${shown(text)}`);
}

interface Answered {
  readonly ok: boolean;
  readonly status: number;
  readonly text: string;
}

/** Sends requests to the ingress, with the headers of this client. */
function createSender(base: string, headers: Readonly<Record<string, string>>) {
  const origin = base.replace(/\/+$/, '');

  /** With its whole body: an engine that dies while it answers has not answered. */
  async function request(path: string, init: RequestInit): Promise<Answered> {
    const { signal: given } = init;
    const send = async (signal: AbortSignal): Promise<Answered> => {
      const own = { ...headers, ...init.headers };
      const reply = await fetch(`${origin}${path}`, { ...init, headers: own, signal });
      return { ok: reply.ok, status: reply.status, text: await reply.text() };
    };
    try {
      return await withinTime(LONGEST_MS, send, given);
    } catch (error) {
      given?.throwIfAborted();
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      throw unreachable(cause instanceof Error ? cause.message : String(cause));
    }
  }

  async function post(path: string, message: unknown, more: RequestInit): Promise<string> {
    const own = { 'Content-Type': 'application/json' };
    const { ok, status, text } = await request(path, {
      method: 'POST',
      body: JSON.stringify(message),
      ...more,
      headers: { ...own, ...more.headers },
    });
    if (!ok) throw refused(status, text);
    return text;
  }

  /** What the engine keeps of a handler; an engine that cannot report it is not an engine that keeps nothing. */
  async function kept(path: string, init: RequestInit): Promise<Answered> {
    const reply = await request(path, init);
    if (reply.status >= 500 || isForbidden(reply.status)) throw refused(reply.status, reply.text);
    return reply;
  }

  return { post, kept };
}

const target = (jobId: string, handler: string): string =>
  `/${SERVICES.job}/${encodeURIComponent(jobId)}/${handler}`;

const outputOf = (jobId: string, handler: string, once: string): string =>
  `/restate/invocation/${SERVICES.job}/${encodeURIComponent(jobId)}/${handler}/${encodeURIComponent(once)}/output`;

export function createIngress(base: string, headers: Readonly<Record<string, string>>): Ingress {
  const { post, kept } = createSender(base, headers);
  return {
    async call(jobId, handler, message, signal) {
      const text = await post(target(jobId, handler), message, signal === undefined ? {} : { signal });
      // Boundary: the answer of the handler of that name.
      return parsed(text) as never;
    },
    async catalog(message) {
      // Boundary: as above.
      return parsed(await post(`/${SERVICES.catalog}/list`, message, {})) as CatalogAnswer;
    },
    async submit(jobId, handler, message, once) {
      const own = { headers: { 'Idempotency-Key': once } };
      checkStored(await post(`${target(jobId, handler)}/send`, message, own));
    },
    async ended(jobId, signal) {
      const init = signal === undefined ? {} : { signal };
      const replies = await Promise.all(WAYS.map((way) => kept(outputOf(jobId, way, ENDED_ONCE), init)));
      const text = replies.find(({ ok }) => ok)?.text;
      // Boundary: what the handler of that name was given.
      if (text !== undefined) return parsed(text) as EndedJob;
      return replies.some(({ status }) => status === NOT_READY) ? 'ending' : undefined;
    },
    async isStarting(jobId, once) {
      return (await kept(outputOf(jobId, 'start', once), {})).status === NOT_READY;
    },
  };
}
