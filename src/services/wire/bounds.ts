import type { FieldError } from '../failure.js';

/**
 * How much of what others say is kept, shown and logged. What is longer is cut, and says so. Bodies of replies have a bound of their
 * own (64 MiB); ids and the values of slots are never cut, for a part of them means something else.
 */
export const BOUNDS = {
  /** Characters of a `stepOutputPreview`. */
  preview: 100_000,
  /** Characters of a description or a message in a longer text. */
  description: 2_000,
  /** Characters of a name, a label, a step or a status word. */
  name: 500,
  /** Characters of the message of a failure. */
  message: 8_000,
  /** Entries of a list of complaints or findings. */
  listed: 50,
  /** Slots of one question, and one more: by that a job sees that there are more, and asks a person. */
  slots: 1_001,
  /** Values that one slot allows. */
  options: 1_000,
  /** File extensions of a workflow. */
  formats: 200,
  /** Characters of an id that stands in a path or a request. */
  id: 8_000,
} as const;

/** The first `most` characters of a text, and how many there are more; no character is cut in two. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const isHalf = /[\ud800-\udbff]/.test(text[most - 1] ?? '');
  const kept = text.slice(0, isHalf ? most - 1 : most);
  return `${kept}… (${text.length - kept.length} more characters)`;
}

/** The first complaints, and how many there are more: as many as may be listed in all, so that to bound twice changes nothing. */
export function fewErrors(errors: readonly FieldError[], all = errors.length): readonly FieldError[] {
  if (all <= BOUNDS.listed) return errors;
  const few = errors.slice(0, BOUNDS.listed - 1);
  return [...few, { field: '', message: `and ${all - few.length} more` }];
}

/** The first findings, and how many there are more. */
export function fewFindings(findings: readonly string[]): readonly string[] {
  const isAll = findings.length <= BOUNDS.listed;
  const few = isAll ? findings : findings.slice(0, BOUNDS.listed - 1);
  const shown = few.map((finding) => shortened(finding, BOUNDS.description));
  return isAll ? shown : [...shown, `and ${findings.length - few.length} more`];
}
