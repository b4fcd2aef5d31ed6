import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { isLoopback } from '../../../services/http/is-loopback.js';
import { type ProxyEnv, proxyFor } from '../../node/transport/proxy-routes.js';
import { EXIT } from '../ends/exit-code.js';
import { errorReport } from '../say/error-report.js';
import { type Finding, ok, warning, wrong } from './finding.js';

/** In ms; a resolver that takes longer will not work for a job either. */
const LOOKUP_TIMEOUT_MS = 10_000;

/** Without user and password. */
export const shownProxy = (proxy: URL): string => `${proxy.protocol}//${proxy.host}`;

async function addressesOf(host: string): Promise<readonly string[]> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('no answer')), LOOKUP_TIMEOUT_MS).unref();
  });
  const found = await Promise.race([lookup(host, { all: true }), late]);
  return found.map(({ address }) => address);
}

function unknownName(host: string, error: unknown): Finding {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
  const cure = 'Check the name in the base URL, and the DNS of this machine or network.';
  return wrong('network', `${host} has no address (DNS: ${code})`, cure, EXIT.unusable);
}

const isProxyNamed = (env: ProxyEnv): boolean =>
  ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].some(
    (name) => (env[name] ?? env[name.toLowerCase()] ?? '') !== '',
  );

/** Checks the route of requests to the server, as the transport would use it; nothing is sent. */
export async function checkNetwork(base: URL, env: ProxyEnv): Promise<Finding> {
  const host = base.hostname.replace(/^\[|\]$/g, '');
  try {
    const proxy = proxyFor(env, base);
    if (proxy !== undefined) return ok('network', `${base.host} through the proxy ${shownProxy(proxy)}`);
  } catch (error) {
    const { message, advice } = errorReport(error);
    const text = error instanceof Error ? error.message : message;
    const cure = advice.startsWith('This is a bug') ? 'Write it as http://host:port, or unset it.' : advice;
    return wrong('network', text, cure, EXIT.unusable);
  }
  const exempt = isLoopback(base.hostname) ? 'this machine never is' : 'NO_PROXY names it';
  const direct = isProxyNamed(env) ? `not through the proxy: ${exempt}` : 'directly';
  if (isIP(host) !== 0) return ok('network', `${base.host}, ${direct}`);
  try {
    const addresses = await addressesOf(host);
    return ok('network', `${base.host} is ${addresses.slice(0, 4).join(', ')}, ${direct}`);
  } catch (error) {
    return unknownName(host, error);
  }
}

/** Trusted certificates that the environment adds. */
export async function extraCertificates(env: ProxyEnv): Promise<Finding | undefined> {
  const path = env.NODE_EXTRA_CA_CERTS ?? '';
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    const text = 'NODE_TLS_REJECT_UNAUTHORIZED=0: any certificate is taken, so anybody can read the key';
    return warning('tls', text, 'Unset it, and name the authority in NODE_EXTRA_CA_CERTS instead.');
  }
  if (path === '') return undefined;
  const pem = await readFile(path, 'utf8').catch(() => undefined);
  const count = pem?.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
  if (count > 0) return ok('tls', `NODE_EXTRA_CA_CERTS adds ${count} certificate${count === 1 ? '' : 's'}`);
  const why = pem === undefined ? 'cannot be read' : 'holds no certificate';
  return warning(
    'tls',
    `NODE_EXTRA_CA_CERTS: ${path} ${why}`,
    'Name a PEM file with the certificates of your authority.',
  );
}
