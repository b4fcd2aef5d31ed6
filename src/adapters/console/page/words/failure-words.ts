/** For failures whose message is about requests, and whose meaning for a person is another sentence. */
const PLAIN: Readonly<Record<string, string>> = { 'key-refused': 'Convilyn refuses the key.' };

interface Said {
  readonly kind: string;
  readonly message: string;
  readonly speaker?: string | undefined;
}

/** A failure in words for people. Only what the API itself said is reported as Convilyn's word (law 8, never mistaken). */
export const failureInWords = ({ kind, message, speaker }: Said): string =>
  speaker === 'api' ? (PLAIN[kind] ?? message) : message;

/** The same, and what to do about it. */
export function withAdvice(words: string, advice: unknown): string {
  if (typeof advice !== 'string' || advice === '') return words;
  return `${words.replace(/[.\s]*$/, '')}. ${advice}`;
}
