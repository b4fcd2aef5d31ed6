import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { noReply, TransportError } from '../errors/transport-error.js';

/** Compressed on its way by many servers, unlike an archive. */
const OFTEN_CODED = /^(text\/|application\/([\w.+-]*\+)?(json|xml|javascript|x-ndjson)|image\/svg)/i;

/**
 * A page sees of another origin's reply its length, but not that it was coded: the length is then not that of the bytes which come. That
 * they came whole is seen to by fetch, which is what `chunked` says.
 */
function withoutHiddenCoding(headers: Record<string, string>, { type }: Response): Record<string, string> {
  const isHidden = type === 'cors' && headers['content-encoding'] === undefined;
  const { 'content-length': length, ...others } = headers;
  if (!isHidden || length === undefined || !OFTEN_CODED.test(headers['content-type'] ?? '')) return headers;
  return { ...others, 'transfer-encoding': 'chunked' };
}

function headersOf(response: Response): Record<string, string> {
  const own: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    own[name.toLowerCase()] = value;
  });
  return withoutHiddenCoding(own, response);
}

const originOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).origin : undefined);

/** A redirect that was followed all the same may have sent the key elsewhere, and its reply is not from the API. */
const isFollowed = ({ redirected, url }: Response, asked: string): boolean =>
  redirected === true || (url !== '' && originOf(url) !== undefined && originOf(url) !== originOf(asked));

/** Whether what a host's `fetch` gave is a reply, or enough like one. */
const isResponse = (given: unknown): boolean => {
  if (typeof given !== 'object' || given === null || !Number.isInteger(Reflect.get(given, 'status')))
    return false;
  const headers: unknown = Reflect.get(given, 'headers');
  return (
    typeof headers === 'object' && headers !== null && typeof Reflect.get(headers, 'forEach') === 'function'
  );
};

const REDIRECT = 'ERR_FR_REDIRECT';

/** The head of a reply. @throws TransportError for what is none: not a Response, a redirect that a page may not see, or one that was followed */
export function replyHead(config: InternalAxiosRequestConfig, response: Response): AxiosResponse {
  if (!isResponse(response)) throw noReply('fetch', response, 'a Response');
  const { status, statusText, type } = response;
  const refuse = (message: string, code: string, cure: string): never => {
    void response.body?.cancel().catch(() => undefined);
    throw new TransportError(message, { code, isSent: true, cure });
  };
  if (isFollowed(response, config.url ?? ''))
    refuse(
      'a redirect was followed, though none may be',
      REDIRECT,
      'Pass a `fetch` that heeds `redirect: "manual"`.',
    );
  if (type === 'opaqueredirect')
    refuse(
      "with a redirect that is not followed: the key goes to the API's origin and nowhere else, and a page may not see where it leads",
      REDIRECT,
      'Check the base URL, and the network: a portal may answer in place of the API. Opened in a tab, the base URL shows where it leads.',
    );
  if (status === 0)
    refuse(
      'this page may not see the reply',
      'ERR_NETWORK',
      "The server must allow this page's origin, by Access-Control-Allow-Origin; or send through a server of your own.",
    );
  return { status, statusText, headers: headersOf(response), config, data: '' };
}
