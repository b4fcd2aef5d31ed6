import type { RecordChanges } from '../job-store.js';

/** Where the text of a record goes on after the fields that may be amended, and where its last field begins, as the codec writes it. */
const REST = ',"input":';
const END = ',"updatedAt":';
const END_ONLY = /^,"updatedAt":[0-9.]+\}$/;

const isHead = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && 'state' in value && 'waitsFor' in value;

/** An amended record. */
export interface AmendedText {
  readonly text: string;
  readonly comparable: string;
}

/**
 * The text of a record with these changes, without parsing all of it: most of it is the snapshot. Within a text of JSON, each quote
 * has a backslash before it, so what is looked for is a field; an object that is cut off in the middle does not parse. Undefined for
 * a text that this release has not written.
 */
export function amendedText(text: string, { updatedAt, ...changes }: RecordChanges): AmendedText | undefined {
  const rest = text.indexOf(REST);
  const end = text.lastIndexOf(END);
  if (rest < 0 || end < rest || !END_ONLY.test(text.slice(end))) return undefined;
  try {
    const head: unknown = JSON.parse(`${text.slice(0, rest)}}`);
    if (!isHead(head)) return undefined;
    const amended = JSON.stringify(Object.assign({}, head, changes));
    const comparable = `${amended.slice(0, -1)}${text.slice(rest, end)}`;
    return { text: `${comparable}${END}${JSON.stringify(updatedAt)}}`, comparable: `${comparable}}` };
  } catch {
    return undefined;
  }
}
