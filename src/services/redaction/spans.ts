/** Replaces a secret. */
export const REDACTED = '[redacted]';

/** Part of a text: start (inclusive) and end (exclusive). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Sorts spans and merges those that touch. */
export function mergedSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    } else if (span.to > span.from) merged.push(span);
  }
  return merged;
}

/** The text with each span replaced. */
export function blotted(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let result = '';
  let at = 0;
  for (const { from, to } of mergedSpans(spans)) {
    result += text.slice(at, from) + REDACTED;
    at = to;
  }
  return result + text.slice(at);
}
