import { createHmac, timingSafeEqual } from 'node:crypto';

/** A pre-signed URL is valid for an hour ("Step 8: Download Results"). */
export const URL_VALID_MS = 3_600_000;

export interface SignedUrl {
  readonly url: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

const compactDate = (at: number): string =>
  new Date(at).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');

const signatureOf = (secret: string, path: string, date: string, seconds: string): string =>
  createHmac('sha256', secret).update(`${path}\n${date}\n${seconds}`).digest('hex');

const PREFIX = '/convilyn-results/';

/** `…/convilyn-results/job_789/output.zip?X-Amz-…`, as in "Step 8: Download Results". */
export function signUrl(
  secret: string,
  storageUrl: string,
  jobSpecId: string,
  filename: string,
  now: number,
  validMs = URL_VALID_MS,
): SignedUrl {
  const path = `${PREFIX}${encodeURIComponent(jobSpecId)}/${encodeURIComponent(filename)}`;
  const date = compactDate(now);
  const seconds = String(Math.floor(validMs / 1000));
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': date,
    'X-Amz-Expires': seconds,
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': signatureOf(secret, path, date, seconds),
  });
  return { url: `${storageUrl}${path}?${query}`, expiresAt: Math.floor(now / 1000) * 1000 + validMs };
}

export type SignatureCheck =
  | { readonly ok: true; readonly jobSpecId: string; readonly expiresAt: number }
  | { readonly ok: false; readonly reason: 'no-such-key' | 'unsigned' | 'mismatch' };

const DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** When a URL was signed (epoch ms); undefined if it is not signed. */
export function signedAt(path: string): number | undefined {
  if (!URL.canParse(path, 'http://storage')) return undefined;
  const date = new URL(path, 'http://storage').searchParams.get('X-Amz-Date') ?? '';
  const at = Date.parse(date.replace(DATE, '$1-$2-$3T$4:$5:$6Z'));
  return Number.isFinite(at) ? at : undefined;
}

/** Whether path and query match the signature. The caller checks the expiry. */
export function checkSignature(secret: string, url: URL): SignatureCheck {
  const match = /^\/convilyn-results\/([^/]+)\/[^/]+$/.exec(url.pathname);
  const encodedId = match?.[1];
  if (encodedId === undefined) return { ok: false, reason: 'no-such-key' };
  const [date, seconds, signature] = ['X-Amz-Date', 'X-Amz-Expires', 'X-Amz-Signature'].map((name) =>
    url.searchParams.get(name),
  );
  if (!date || !seconds || !signature) return { ok: false, reason: 'unsigned' };
  const expected = Buffer.from(signatureOf(secret, url.pathname, date, seconds));
  const given = Buffer.from(signature);
  const signedAt = Date.parse(date.replace(DATE, '$1-$2-$3T$4:$5:$6Z'));
  if (given.length !== expected.length || !timingSafeEqual(given, expected) || !Number.isFinite(signedAt)) {
    return { ok: false, reason: 'mismatch' };
  }
  const expiresAt = signedAt + Number(seconds) * 1000;
  return { ok: true, jobSpecId: decodeURIComponent(encodedId), expiresAt };
}
