import type { Exchange } from '../model/exchange.js';
import type { Headers, ModelReply } from '../model/messages.js';
import { PORTAL_PATH, portalPage } from '../model/portal.js';
import { htmlPage } from './error-body.js';
import type { OtherSpeaker } from './fault-kinds.js';

const VIA = { via: '1.1 proxy.example (squid/5.7)' };

function page(status: number, headers: Headers, title: string, text: string): ModelReply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
    text: htmlPage(title, text),
  };
}

/** The portal's page is on the origin that was not requested, because a login page is on another site. */
function portalUrl({ world, entry }: Exchange): string {
  const { apiUrl, storageUrl } = world.settings;
  return new URL(PORTAL_PATH, entry.endpoint === 'storage' ? apiUrl : storageUrl).href;
}

const REPLIES: Readonly<Record<OtherSpeaker, (exchange: Exchange) => ModelReply>> = {
  'cdn-challenge': () =>
    page(
      403,
      { server: 'cloudflare', 'cf-mitigated': 'challenge', 'cf-ray': '8f0e1d2c3b4a5968-FRA' },
      'Just a moment...',
      'Enable JavaScript and cookies to continue',
    ),
  waf: () =>
    page(
      403,
      { server: 'BigIP' },
      'Request Rejected',
      'The requested URL was rejected. Your support ID is: 7201234',
    ),
  'proxy-login': () =>
    page(
      407,
      {
        ...VIA,
        'proxy-authenticate': 'Basic realm="proxy.example"',
        'x-squid-error': 'ERR_CACHE_ACCESS_DENIED 0',
      },
      'Cache Access Denied',
      'You must authenticate yourself to the proxy first',
    ),
  'proxy-refusal': () =>
    page(403, { ...VIA, 'x-squid-error': 'ERR_ACCESS_DENIED 0' }, 'Access Denied', 'Blocked by your company'),
  'proxy-trouble': () =>
    page(502, { ...VIA, 'x-squid-error': 'ERR_CONNECT_FAIL 111' }, 'Bad Gateway', 'The proxy got no answer'),
  'portal-redirect': (exchange) => ({ status: 302, headers: { location: portalUrl(exchange) }, text: '' }),
  'portal-page': () => portalPage(200),
  'portal-511': () => portalPage(511),
  'gateway-login': () =>
    page(401, { 'www-authenticate': 'Negotiate' }, 'Sign in', 'Sign in with your company account'),
};

/** The reply of another sender to a request. */
export function otherReply(exchange: Exchange, who: OtherSpeaker, serverNow: number): ModelReply {
  const reply = REPLIES[who](exchange);
  return { ...reply, headers: { date: new Date(serverNow).toUTCString(), ...reply.headers } };
}
