import { timingSafeEqual } from 'node:crypto';
import { CONSOLE_HEADER } from '../../wire/events.js';

/** The parts of a request that identify its sender. */
export interface Caller {
  readonly method: string;
  readonly path: string;
  /** All Host headers of the request. */
  readonly hosts: readonly string[];
  header(name: string): string | undefined;
  readonly cookie: string | undefined;
}

export interface GuardSettings {
  /** `host:port` as a browser writes it. A fixed set: nothing is derived from the request itself. */
  readonly hosts: ReadonlySet<string>;
  /** The session's secret; absent if the server only listens on the loopback. */
  readonly session?: string;
}

export interface Refusal {
  readonly status: 401 | 403 | 405 | 415 | 421;
  readonly code: string;
  readonly message: string;
}

type Check = (caller: Caller, settings: GuardSettings) => Refusal | undefined;

const SAFE = new Set(['GET', 'HEAD']);
const isApi = ({ path }: Caller): boolean => path === '/api' || path.startsWith('/api/');
/** What a person may open by a link or in the address bar. */
const isOpenedByHand = (caller: Caller): boolean => !isApi(caller) || /\/result$/.test(caller.path);

/** A host name that was pointed at this machine after its page was loaded (DNS rebinding) is still in the Host header. */
const host: Check = ({ hosts }, settings) =>
  hosts.length === 1 && settings.hosts.has((hosts[0] ?? '').toLowerCase())
    ? undefined
    : {
        status: 421,
        code: 'other_host',
        message: 'This address is not one of this console. --allow-host adds a name.',
      };

/** Another port of localhost counts as same-site, so only same-origin requests may pass. */
const fetchSite: Check = (caller) => {
  const site = caller.header('sec-fetch-site');
  const isFine =
    site === undefined ||
    site === 'same-origin' ||
    (site === 'none' && SAFE.has(caller.method) && isOpenedByHand(caller));
  return isFine
    ? undefined
    : { status: 403, code: 'other_site', message: 'Only the pages of this console may call it.' };
};

const method: Check = (caller) =>
  ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].includes(caller.method)
    ? undefined
    : { status: 405, code: 'method', message: 'This method is not supported here.' };

const origin: Check = (caller, { hosts }) => {
  const from = caller.header('origin');
  if (from === undefined && SAFE.has(caller.method)) return undefined;
  const isOurs =
    from !== undefined &&
    /^https?:\/\//.test(from) &&
    hosts.has(from.replace(/^https?:\/\//, '').toLowerCase());
  return isOurs
    ? undefined
    : { status: 403, code: 'other_origin', message: 'Only the pages of this console may change anything.' };
};

/** A page of another origin can only send this header after a CORS preflight, which is refused. */
const header: Check = (caller) =>
  SAFE.has(caller.method) || caller.header(CONSOLE_HEADER) === '1'
    ? undefined
    : { status: 403, code: 'no_header', message: `The header ${CONSOLE_HEADER} is missing.` };

/** Content types that forms can send are refused. */
const contentType: Check = (caller) => {
  if (SAFE.has(caller.method) || caller.method === 'DELETE') return undefined;
  const type = (caller.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const wanted = caller.method === 'PUT' ? 'application/octet-stream' : 'application/json';
  return type === wanted
    ? undefined
    : { status: 415, code: 'content_type', message: `The content type must be ${wanted}.` };
};

export const isSame = (given: string, wanted: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const session: Check = (caller, settings) => {
  if (settings.session === undefined || !isApi(caller) || caller.path === '/api/session') return undefined;
  return caller.cookie !== undefined && isSame(caller.cookie, settings.session)
    ? undefined
    : {
        status: 401,
        code: 'no_session',
        message: 'Open the link with the token that goal-lane serve printed.',
      };
};

/** In the order of evaluation. */
export const GUARDS = { host, fetchSite, method, origin, header, contentType, session } as const;
export type GuardName = keyof typeof GUARDS;

/** Why a request is refused; undefined if it is allowed. */
export function refusalOf(
  caller: Caller,
  settings: GuardSettings,
  // Boundary: `Object.keys` forgets the names of a constant object.
  guards: readonly GuardName[] = Object.keys(GUARDS) as GuardName[],
): Refusal | undefined {
  for (const name of guards) {
    const refusal = GUARDS[name](caller, settings);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
