import { timingSafeEqual } from 'node:crypto';
import { CONSOLE_HEADER } from '../../wire/events.js';

/** Of a request, what tells who sent it. */
export interface Caller {
  readonly method: string;
  readonly path: string;
  /** Every Host header that was sent. */
  readonly hosts: readonly string[];
  header(name: string): string | undefined;
  readonly cookie: string | undefined;
}

export interface GuardSettings {
  /** `host:port` as a browser writes it. A fixed set: nothing is concluded from what a request says of itself. */
  readonly hosts: ReadonlySet<string>;
  /** The session's secret; absent where only the loopback is listened on. */
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
/** What a person may open by a link or the address bar. */
const isOpenedByHand = (caller: Caller): boolean => !isApi(caller) || /\/result$/.test(caller.path);

/** A name that was pointed at this machine after its page had been loaded (DNS rebinding) is still in the Host header. */
const host: Check = ({ hosts }, settings) =>
  hosts.length === 1 && settings.hosts.has((hosts[0] ?? '').toLowerCase())
    ? undefined
    : {
        status: 421,
        code: 'other_host',
        message: 'This address is not one of this console. --allow-host adds a name.',
      };

/** Another port of localhost counts as the same site: only the same origin may call. */
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
    : { status: 405, code: 'method', message: 'This method is not offered here.' };

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

/** No page of another origin can send it without asking first, and whoever asks is refused. */
const header: Check = (caller) =>
  SAFE.has(caller.method) || caller.header(CONSOLE_HEADER) === '1'
    ? undefined
    : { status: 403, code: 'no_header', message: `The header ${CONSOLE_HEADER} is missing.` };

/** The types that forms can send are refused. */
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

/** In the order in which they are asked. */
export const GUARDS = { host, fetchSite, method, origin, header, contentType, session } as const;
export type GuardName = keyof typeof GUARDS;

/** Why a request is not let in; undefined where it is. */
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
