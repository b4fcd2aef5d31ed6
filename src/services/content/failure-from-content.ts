import type { Failure } from '../failure.js';
import { createRedactor } from '../redaction/redactor.js';
import { secretsOfUrl } from '../redaction/url-secrets.js';
import { plainWords } from '../wire/server-words.js';
import { type ContentFault, HEAD_BYTES, textOf } from './check-content.js';

export interface UnpromisedContent {
  readonly fault: ContentFault;
  /** The expected name. */
  readonly name: string;
  /** The first bytes. */
  readonly head: Uint8Array;
  /** The pre-signed URL; never shown. */
  readonly url: string;
  /** Removes the secrets that the client knows. */
  readonly redact?: ((text: string) => string) | undefined;
}

const LONGEST_WORDS = 160;

const ADVICE: Readonly<Partial<Record<NonNullable<Failure['speaker']>, string>>> = {
  portal:
    'Something between here and storage answered with a page of its own: sign in to the network, or use another one. A fresh URL is asked for.',
};

function wordsOf({ fault, head, url, redact = (text) => text }: UnpromisedContent): string {
  if (fault.hasWords !== true) return '';
  // Redact before cutting: half a secret would not be recognised.
  const text = createRedactor(secretsOfUrl(url)).shown(redact(textOf(head)));
  const words = plainWords(text.slice(0, HEAD_BYTES / 2));
  return words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS)}…` : words;
}

/** The failure for a result with the wrong content. The URL is useless, a fresh one may help (law 8, never mistaken). */
export function failureFromContent(content: UnpromisedContent): Failure {
  const { fault, name } = content;
  const words = wordsOf(content);
  return {
    kind: 'gone',
    message: `what came as ${name} is not the result: it ${fault.words}${words === '' ? '' : ` (${words})`}`,
    advice:
      ADVICE[fault.speaker] ??
      'Storage does not give what was promised: a fresh URL is asked for, now and then.',
    delivery: 'unknown',
    method: 'GET',
    speaker: fault.speaker,
    ...(words === '' ? {} : { serverMessage: words }),
  };
}
