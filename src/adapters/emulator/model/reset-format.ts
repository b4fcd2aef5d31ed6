/** The format of a time in `X-RateLimit-Reset`; the reference does not specify it. */
export type ResetFormat = 'epoch-s' | 'epoch-ms' | 'delta-s' | 'http-date' | 'iso';

/** Formats a time (epoch ms) such that a client that waits for it is not too early. */
export function formatReset(at: number, now: number, format: ResetFormat): string {
  switch (format) {
    case 'epoch-s':
      return String(Math.ceil(at / 1000));
    case 'epoch-ms':
      return String(Math.ceil(at));
    case 'delta-s':
      return String(Math.max(0, Math.ceil((at - now) / 1000)));
    case 'http-date':
      return new Date(Math.ceil(at / 1000) * 1000).toUTCString();
    case 'iso':
      return new Date(Math.ceil(at)).toISOString();
  }
}
