import type { HeaderMap } from '../limits/rate-headers.js';

/** The parts of a reply that show who sent it. */
export interface ReplySigns {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The beginning of the body, as text. */
  readonly text: string;
  /** The body as JSON; undefined if it is not JSON. */
  readonly json: unknown;
}

const LONGEST_READ = 16_384;

const headerText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.filter((entry) => typeof entry === 'string').join(', ');
  return undefined;
};

/** A host's transport may return anything: what cannot be read is ignored. */
function plainHeaders(headers: unknown): Record<string, string> {
  const plain = new Map<string, string>();
  try {
    if (typeof headers !== 'object' || headers === null) return {};
    for (const [name, value] of Object.entries(headers)) {
      const text = headerText(value);
      if (text !== undefined) plain.set(name.toLowerCase(), text);
    }
  } catch {
    // A getter of the host threw: use what was read so far.
  }
  return Object.fromEntries(plain);
}

function jsonOf(text: string): unknown {
  // Skips the parse, because throwing would be the most expensive step here.
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Extracts the signs from a reply. Never throws, whatever headers and body are. */
export function replySigns(
  status: number,
  headers: HeaderMap | undefined,
  body: unknown,
  parsed?: { readonly json: unknown },
): ReplySigns {
  const text = typeof body === 'string' ? body : '';
  return {
    status,
    headers: plainHeaders(headers),
    text: text.slice(0, LONGEST_READ),
    json: parsed === undefined ? jsonOf(text) : parsed.json,
  };
}

/** Whether a body is HTML or XML, judged by its beginning because its type is often wrong. */
export const isMarkup = ({ text, json }: ReplySigns): boolean =>
  json === undefined && /^\s*<[a-z!?]/i.test(text);

/** Whether a body is a page for people, by content or by type. */
export const isPage = (signs: ReplySigns): boolean => {
  if (isMarkup(signs)) return true;
  const { json, text, headers } = signs;
  const isHtml = /\b(text\/html|application\/xhtml\+xml)\b/i.test(headers['content-type'] ?? '');
  return json === undefined && isHtml && text.trim() !== '';
};
