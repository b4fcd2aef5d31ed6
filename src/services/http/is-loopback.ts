/**
 * Whether a host name, as spelled in a URL, is this machine. The whole name is compared: `localhost.example.com` belongs to
 * somebody else.
 */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  if (/^127\.\d+\.\d+\.\d+$/.test(host) || host === '0.0.0.0') return true;
  // URL spells the IPv4 part of an IPv6 address in hex: 7f is 127.
  return host === '[::1]' || host === '[::]' || /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(host);
}

/**
 * Whether only this machine reaches what listens on this address. Not the same as `isLoopback`: who listens on `0.0.0.0` or `::` is
 * reached from everywhere, though a URL with that name leads to this machine. Spelled without the brackets of a URL.
 */
export const isLoopbackAddress = (address: string): boolean =>
  address === 'localhost' || address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
