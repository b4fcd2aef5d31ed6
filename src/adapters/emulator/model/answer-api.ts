import { type Answer, apiError } from './api-error.js';
import type { AnswerCall, AnswerJobCall } from './calls/call.js';
import { confirmJob } from './calls/confirm-job.js';
import { createJob } from './calls/create-job.js';
import { fillSlots } from './calls/fill-slots.js';
import { loadCatalog } from './calls/load-catalog.js';
import { readDownload, readJob, readStatus } from './calls/read-job.js';
import { uploadFile } from './calls/upload-file.js';
import type { ApiEndpoint, Route } from './endpoint.js';
import type { Exchange } from './exchange.js';
import type { LimitReading } from './limiter.js';
import type { ModelReply } from './messages.js';
import { limiterOf, readLimit } from './rate-limits.js';
import { formatReset } from './reset-format.js';
import type { KeyRecord } from './world.js';

type JobEndpoint = 'job' | 'slots' | 'confirm' | 'status' | 'download';

const CALLS: Readonly<Record<Exclude<ApiEndpoint, JobEndpoint>, AnswerCall>> = {
  catalog: loadCatalog,
  upload: uploadFile,
  create: createJob,
};

const JOB_CALLS: Readonly<Record<JobEndpoint, AnswerJobCall>> = {
  job: readJob,
  slots: fillSlots,
  confirm: confirmJob,
  status: readStatus,
  download: readDownload,
};

const tooManyRequests = (rate: LimitReading, now: number): Answer => {
  const seconds = Math.max(0, Math.ceil((rate.resetAt - now) / 1000));
  return apiError(429, 'rate_limited', `Rate limit hit; it resets in ${seconds} s`);
};

function answerRoute(exchange: Exchange, key: KeyRecord, route: Route): Answer {
  const { world, request, entry, now, job } = exchange;
  const { endpoint } = route;
  const call = { world, key, request, entry, now };
  switch (endpoint) {
    case 'catalog':
    case 'upload':
    case 'create':
      return CALLS[endpoint](call);
    default:
      if (job === undefined) return apiError(404, 'not_found', 'There is no such job');
      return JOB_CALLS[endpoint]({ ...call, job });
  }
}

/** The limit for a read less than 2 s after the last, if that is enforced. */
function refusedAsTooSoon({ world, entry, now }: Exchange): LimitReading | undefined {
  const { enforceStatusInterval, statusIntervalMs } = world.settings;
  if (!enforceStatusInterval || !entry.tooSoon) return undefined;
  return { remaining: 0, resetAt: now + statusIntervalMs };
}

/** Creations are counted by created jobs, everything else by requests. */
const isCounted = (endpoint: ApiEndpoint, answer: Answer): boolean =>
  endpoint !== 'create' || answer.status === 201;

interface Limited {
  readonly answer: Answer;
  readonly rate: LimitReading;
}

function answerUnderLimit(exchange: Exchange, key: KeyRecord, route: Route): Limited {
  const { world, now } = exchange;
  const before = readLimit(world, key, route.endpoint, now);
  if (before.remaining === 0) return { answer: tooManyRequests(before, now), rate: before };
  const tooSoon = refusedAsTooSoon(exchange);
  if (tooSoon !== undefined) return { answer: tooManyRequests(tooSoon, now), rate: tooSoon };
  const answer = answerRoute(exchange, key, route);
  if (isCounted(route.endpoint, answer)) limiterOf(world, key, route.endpoint).take(now);
  return { answer, rate: readLimit(world, key, route.endpoint, now) };
}

/** Shown to requests without a valid key, because the headers come with every response. */
const strangersRate = (now: number): LimitReading => ({ remaining: 60, resetAt: now + 60_000 });

function answer(exchange: Exchange): Limited {
  const { key, routing, entry, now } = exchange;
  if (key === undefined) {
    const refused = apiError(401, 'unauthorized', 'The API key is missing or not valid');
    return { answer: refused, rate: strangersRate(now) };
  }
  if (typeof routing === 'string') {
    const isPath = routing === 'path-unknown';
    const refused = isPath
      ? apiError(404, 'not_found', 'There is nothing under this path')
      : apiError(405, 'method_not_allowed', 'This path does not take this method');
    return { answer: refused, rate: strangersRate(now) };
  }
  const limited = answerUnderLimit(exchange, key, routing);
  if (entry.rate !== undefined) entry.rate = { ...entry.rate, ...limited.rate };
  return limited;
}

/** The reply of the API origin to a request: JSON, `Date`, and the two rate headers of every response. */
export function answerApi(exchange: Exchange): ModelReply {
  const { world, now } = exchange;
  const { answer: given, rate } = answer(exchange);
  const text = given.body === undefined ? '' : JSON.stringify(given.body);
  return {
    status: given.status,
    headers: {
      date: new Date(now).toUTCString(),
      'x-ratelimit-remaining': String(rate.remaining),
      'x-ratelimit-reset': formatReset(rate.resetAt, now, world.settings.resetFormat),
      ...(text === '' ? {} : { 'content-type': 'application/json' }),
    },
    text,
  };
}
