import type { FieldError } from '../failure.js';

/**
 * How much of received text is kept, shown and logged. Longer text is cut and marked. Bodies of replies have their own limit (64
 * MiB). Ids and slot values are never cut, because a part of them would mean something else.
 */
export const BOUNDS = {
  /** Characters of a `stepOutputPreview`. */
  preview: 100_000,
  /** Characters of a description, or of a message inside a longer text. */
  description: 2_000,
  /** Characters of a name, a label, a step or a status word. */
  name: 500,
  /** Characters of the message of a failure. */
  message: 8_000,
  /** Entries of a list of errors or findings. */
  listed: 50,
  /** Slots of one question, plus one: the extra one shows that there are more, and a person is asked. */
  slots: 1_001,
  /** Values that one slot allows. */
  options: 1_000,
  /** File extensions of a workflow. */
  formats: 200,
  /** Characters of an id in a path or a request. */
  id: 8_000,
} as const;

/** The first `most` characters of a text and the number of omitted ones; surrogate pairs are not split. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const isHalf = /[\ud800-\udbff]/.test(text[most - 1] ?? '');
  const kept = text.slice(0, isHalf ? most - 1 : most);
  return `${kept}… (${text.length - kept.length} more characters)`;
}

/** The first errors and the number of omitted ones. The result fits the limit, so applying it twice changes nothing. */
export function fewErrors(errors: readonly FieldError[], all = errors.length): readonly FieldError[] {
  if (all <= BOUNDS.listed) return errors;
  const few = errors.slice(0, BOUNDS.listed - 1);
  return [...few, { field: '', message: `and ${all - few.length} more` }];
}

/** The first findings and the number of omitted ones. */
export function fewFindings(findings: readonly string[]): readonly string[] {
  const isAll = findings.length <= BOUNDS.listed;
  const few = isAll ? findings : findings.slice(0, BOUNDS.listed - 1);
  const shown = few.map((finding) => shortened(finding, BOUNDS.description));
  return isAll ? shown : [...shown, `and ${findings.length - few.length} more`];
}
