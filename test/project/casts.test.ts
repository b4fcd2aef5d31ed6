import { type Comment, parseSync } from 'oxc-parser';
import { expect, it } from 'vitest';
import { readSources } from './import-graph.js';

type Node = Readonly<Record<string, unknown>>;

interface Cast {
  readonly start: number;
  /** Where the statement or member begins in which it stands. */
  readonly around: number;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** The casts of a tree, without `as const`. */
function castsIn(node: unknown, text: string, around = 0): readonly Cast[] {
  if (Array.isArray(node)) return node.flatMap((each) => castsIn(each, text, around));
  if (!isNode(node)) return [];
  const start = Number(node.start);
  const isOuter = /Statement$|Declaration$|Property$|Method|JSXExpression/.test(String(node.type));
  const to = node.typeAnnotation;
  const isCast = node.type === 'TSAsExpression' && isNode(to);
  const isConst = isCast && text.slice(Number(to.start), Number(to.end)) === 'const';
  // XState takes types as values that nothing reads.
  const isTypeOnly = isCast && text.startsWith('{} as ', start);
  const own = isCast && !isConst && !isTypeOnly ? [{ start, around }] : [];
  const inside = Object.values(node).flatMap((child) => castsIn(child, text, isOuter ? start : around));
  return [...own, ...inside];
}

/** The casts that no comment explains: before the statement in which they stand, or within it. */
function unexplained(path: string, text: string): readonly string[] {
  const { program, comments } = parseSync(path, text);
  const lineOf = (at: number): number => text.slice(0, at).split('\n').length;
  const explains = (comment: Comment, { start, around }: Cast): boolean =>
    lineOf(comment.end) >= lineOf(around) - 1 && lineOf(comment.start) <= lineOf(start);
  return castsIn(program, text)
    .filter((cast) => !comments.some((comment) => explains(comment, cast)))
    .map(({ start }) => `${path}:${lineOf(start)}: ${text.slice(start).split('\n')[0]}`);
}

it('finds a cast that no comment explains', () => {
  const found = unexplained(
    'a.ts',
    'const a = 1 as const;\n// Boundary: so it is.\nconst b = a as B;\n\nconst c = a as C;\n',
  );
  expect(found).toEqual(['a.ts:5: a as C;']);
});

it('explains every cast beside it', () => {
  expect([...readSources('src')].flatMap(([path, text]) => unexplained(path, text))).toEqual([]);
});
