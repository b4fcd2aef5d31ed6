import { TransportError } from '../../../services/errors/transport-error.js';
import { isLoopback } from '../../../services/http/is-loopback.js';

/** The environment variables for proxies: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, lower case first. */
export type ProxyEnv = Readonly<Record<string, string | undefined>>;

const read = (env: ProxyEnv, name: string): string =>
  (env[name.toLowerCase()] || env[name.toUpperCase()] || '').trim();

const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80');

/** An entry is a host, which includes its subdomains, optionally with a leading dot or asterisk, and a port. */
function covers(entry: string, url: URL): boolean {
  // With more than one colon and no brackets it is an IPv6 address, and its last group is not a port.
  const isBareIpv6 = /:.*:/.test(entry) && !entry.startsWith('[');
  const text = isBareIpv6 ? `[${entry}]` : entry;
  const [, name = '', port] = /^(.+?|\[.*\])(?::(\d+))?$/.exec(text.toLowerCase()) ?? [];
  if (port !== undefined && port !== portOf(url)) return false;
  const host = url.hostname.toLowerCase();
  const bare = name.replace(/^\*?\./, '');
  return name === '*' || host === bare || host.endsWith(`.${bare}`);
}

const isExempt = (env: ProxyEnv, url: URL): boolean =>
  read(env, 'no_proxy')
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && covers(entry, url));

const unusable = (variable: string): Error =>
  new TransportError(`${variable} does not name an http:// or https:// proxy`, {
    code: 'ERR_INVALID_URL',
    isSent: false,
  });

/**
 * The proxy for `url`, if any. Never for a loopback address, whatever the environment says: the key would leave the machine
 * unencrypted.
 */
export function proxyFor(env: ProxyEnv, url: URL): URL | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const named = `${url.protocol.slice(0, -1)}_proxy`;
  const variable = read(env, named) === '' ? 'all_proxy' : named;
  const value = read(env, variable);
  if (value === '' || isExempt(env, url)) return undefined;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy === undefined || !/^https?:$/.test(proxy.protocol)) throw unusable(variable.toUpperCase());
  return proxy;
}

/** As it is meant, or as it is written if a percent sign in it stands for itself. */
function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The header for the user and password in a proxy's URL. */
export function proxyAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const decoded = `${decodedPart(username)}:${decodedPart(password)}`;
  return `Basic ${Buffer.from(decoded).toString('base64')}`;
}
