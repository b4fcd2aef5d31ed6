import type { Failure } from '../../../services/failure.js';
import { parseRateHeaders } from '../../../services/limits/rate-headers.js';
import { SPEAKER_WORDS } from '../../../services/speakers/speaker-of.js';
import { narrowSkew } from '../../../services/time/clock-skew.js';
import { exitCodeFor } from '../ends/command-result.js';
import { EXIT } from '../ends/exit-code.js';
import { formatDuration, formatWhen } from '../say/format.js';
import type { Answer } from './ask-api.js';
import { type Finding, ok, skipped, warning, wrong } from './finding.js';

/** Whole seconds in the header and the transmission time are not an error of the clock. In ms. */
const CLOCK_TOLERANCE_MS = 2_000;
/** A slower reply is worth a warning; in ms. */
const SLOW_MS = 5_000;

const isTlsCode = (code: string): boolean =>
  /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH|INVALID_CA|^ERR_(TLS|SSL)|^EPROTO$/.test(code);

/** Whether the connection is encrypted with a trusted certificate. */
export function tlsFinding(base: URL, { errorCode, status, failure }: Answer): Finding {
  if (base.protocol === 'http:') return skipped('tls', 'none: the base URL is http:');
  if (errorCode !== undefined && isTlsCode(errorCode)) {
    const cure =
      "Name the PEM file of your network's authority in NODE_EXTRA_CA_CERTS; if the certificate has expired, check the clock of this machine.";
    return wrong('tls', `the certificate of ${base.host} is not trusted (${errorCode})`, cure, EXIT.unusable);
  }
  if (status !== undefined) return ok('tls', `the certificate of ${base.host} is trusted`);
  return skipped('tls', `not known: ${failure?.message ?? 'no connection'}`);
}

/** What answers at the base URL (law 8, never mistaken). `proxy`: through which it is reached. */
export function speakerFinding(answer: Answer, proxy?: string): Finding {
  const { failure, status, workflows } = answer;
  if (failure === undefined)
    return ok('answered-by', `the API answers: ${workflows} workflows in its catalog`);
  const { speaker, message, advice } = failure;
  if (speaker !== undefined && speaker !== 'api')
    return wrong(
      'answered-by',
      `${SPEAKER_WORDS[speaker]} answers in place of the API: ${message}`,
      advice,
      codeOf(failure),
    );
  if (status === undefined) {
    const cure =
      proxy === undefined
        ? advice
        : `Check the proxy ${proxy}, which HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names (NO_PROXY exempts a host), and the network.`;
    return wrong('answered-by', `there is no answer: ${message}`, cure, codeOf(failure));
  }
  if (isKeyRefused(failure)) return ok('answered-by', 'the API answers');
  if (failure.kind === 'rate-limited')
    return warning('answered-by', `the API answers, and asks to wait: ${message}`, advice);
  return wrong('answered-by', message, advice, codeOf(failure));
}

const codeOf = (failure: Failure) => exitCodeFor(failure, false);

const isKeyRefused = ({ kind, speaker }: Failure): boolean => kind === 'key-refused' && speaker === 'api';

/** Whether the API accepts the key. */
export function acceptedFinding({ failure }: Answer): Finding {
  if (failure === undefined) return ok('key-accepted', 'the API accepts the key');
  if (isKeyRefused(failure)) return wrong('key-accepted', failure.message, failure.advice, EXIT.keyRefused);
  return skipped('key-accepted', 'not known: the API did not say');
}

/** How far this machine's clock is from the server's. */
export function clockFinding({ headers, sentAt, receivedAt }: Answer): Finding {
  const skew = narrowSkew(undefined, headers?.date, sentAt, receivedAt);
  if (skew === undefined) return skipped('clock', 'not known: the reply has no Date');
  // The smallest error that explains the measurement: an interval around 0 is fine.
  const least = skew.low > 0 ? skew.low : Math.min(0, skew.high);
  if (Math.abs(least) <= CLOCK_TOLERANCE_MS) return ok('clock', "agrees with the server's within 2 s");
  const text = `this machine's clock is ${formatDuration(Math.abs(least))} ${least > 0 ? 'behind' : 'ahead of'} the server's`;
  return warning(
    'clock',
    text,
    'Set it (NTP): goal-lane allows for it, but certificates and other programs do not.',
  );
}

/** The unit follows from the size, as in the client. Source: "Rate Limits", which does not state it. */
function formOf(value: string): string {
  const number = Number(value);
  if (!/^[\d.]+s?$/.test(value) || Number.isNaN(number))
    return /^\d+s$/.test(value) ? 'seconds from now' : 'a date';
  if (number >= 1e17) return 'epoch nanoseconds';
  if (number >= 1e14) return 'epoch microseconds';
  if (number >= 1e11) return 'epoch milliseconds';
  return number >= 1e9 ? 'epoch seconds' : 'seconds from now';
}

/** The format of the rate headers, and their values. */
export function limitsFinding({ headers = {}, sentAt, receivedAt }: Answer): Finding {
  const skew = narrowSkew(undefined, headers.date, sentAt, receivedAt)?.low ?? 0;
  const { limit, remaining, resetAt, retryAfterAt } = parseRateHeaders(headers, receivedAt, skew);
  const raw = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'];
  if (limit === undefined && remaining === undefined && raw === undefined && retryAfterAt === undefined)
    return skipped(
      'limits',
      'not known: the reply has no X-RateLimit headers; those of the reference are assumed',
    );
  const text = [
    `${remaining ?? '?'}${limit === undefined ? '' : ` of ${limit}`} requests left`,
    ...(resetAt === undefined ? [] : [`full again at ${formatWhen(resetAt, receivedAt)}`]),
    ...(typeof raw === 'string' ? [`reset given as ${formOf(raw.trim())}`] : []),
    ...(retryAfterAt === undefined ? [] : [`Retry-After until ${formatWhen(retryAfterAt, receivedAt)}`]),
  ].join(', ');
  if (raw !== undefined && resetAt === undefined)
    return warning(
      'limits',
      `${text}; X-RateLimit-Reset cannot be understood`,
      'Report it to the support of the API; goal-lane waits a minute instead.',
    );
  if (remaining === 0) return warning('limits', text, 'Wait until then: a job started now waits too.');
  return ok('limits', text);
}

/** How long the request took. */
export function latencyFinding({ latencyMs, status }: Answer): Finding {
  if (status === undefined) return skipped('latency', 'not known: no reply');
  const text = `${Math.round(latencyMs)} ms for the catalog, with the connection`;
  return latencyMs < SLOW_MS
    ? ok('latency', text)
    : warning('latency', text, 'Check the network: every call takes that long.');
}
