import type { z } from 'zod/mini';

type Issue = z.core.$ZodRawIssue;

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** What is wrong with a value, for errors of `zod/mini`, which has no words itself; those of zod would be three times as long. */
export function issueWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}, received ${typeOf(issue.input)}`;
    case 'too_small':
      return `expected at least ${String(issue.minimum)}`;
    case 'too_big':
      return `expected at most ${String(issue.maximum)}`;
    case 'invalid_format':
      return `invalid ${issue.format}`;
    default:
      return 'invalid value';
  }
}

/** What is wrong, each with its place: `slots.0.type: expected string, received number`. */
export const issuesInWords = (issues: readonly z.core.$ZodIssue[], whole: string): string =>
  issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || whole}: ${message}`)
    .join('; ');
