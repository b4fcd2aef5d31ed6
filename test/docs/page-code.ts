import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block of code in a page. */
export interface PageBlock {
  readonly page: string;
  /** Of its first line of code. */
  readonly line: number;
  /** As the page says it: `ts`, `tsx`, `sh`, `json`, … */
  readonly language: string;
  readonly code: string;
  /** What a reader knows by then and the page does not repeat: a comment right before the block that begins with `context`. */
  readonly context: string;
  /** Words of a comment `code: …` right before the block. */
  readonly marks: readonly string[];
}

interface Cursor {
  context: string;
  marks: readonly string[];
}

const FENCE = /^(`{3,}|~{3,})(\w*)\s*$/;

/** The comment that begins at a line, and the line behind it. */
function comment(lines: readonly string[], start: number): { text: string; next: number } | undefined {
  if (lines[start]?.startsWith('<!--') !== true) return undefined;
  const end = lines.findIndex((line, index) => index >= start && line.includes('-->'));
  if (end < 0) return undefined;
  const whole = lines.slice(start, end + 1).join('\n');
  return { text: whole.slice(4, whole.lastIndexOf('-->')).trim(), next: end + 1 };
}

/** Every block of a page, in order. */
export function blocksIn(page: string, text: string): readonly PageBlock[] {
  const lines = text.split('\n');
  const blocks: PageBlock[] = [];
  let before: Cursor = { context: '', marks: [] };
  for (let index = 0; index < lines.length; index += 1) {
    const said = comment(lines, index);
    if (said !== undefined) {
      const [first = ''] = said.text.split('\n');
      if (first === 'context')
        before = { ...before, context: `${said.text.slice('context'.length).trim()}\n` };
      if (first.startsWith('code:')) before = { ...before, marks: first.slice(5).trim().split(/,\s*/) };
      index = said.next - 1;
      continue;
    }
    const [, fence, language = ''] = FENCE.exec(lines[index] ?? '') ?? [];
    if (fence !== undefined) {
      const end = lines.findIndex((line, at) => at > index && line === fence);
      if (end < 0) throw new Error(`${page}:${index + 1}: a block that does not end`);
      blocks.push({
        page,
        line: index + 2,
        language,
        code: `${lines.slice(index + 1, end).join('\n')}\n`,
        ...before,
      });
      index = end;
    }
    if (lines[index]?.trim() !== '') before = { context: '', marks: [] };
  }
  return blocks;
}

/** The pages that people write, and the README: what is generated into docs/api is the declarations themselves, compiled already. */
export function pages(): readonly string[] {
  const below = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('api/'))
    .map((name) => join('docs', name));
  return ['README.md', 'CONTRIBUTING.md', ...below.sort()];
}

export const allBlocks = (): readonly PageBlock[] =>
  pages().flatMap((page) => blocksIn(page, readFileSync(page, 'utf8')));

/** A block as a file that can be compiled, and how many lines of it are not on the page. */
export interface Program {
  readonly block: PageBlock;
  readonly file: string;
  readonly source: string;
  readonly hiddenLines: number;
}

const count = (text: string): number => text.split('\n').length - 1;

/** The TypeScript of some blocks. One that continues is a part of the program before it. */
export function programsOf(blocks: readonly PageBlock[]): readonly Program[] {
  const programs: Program[] = [];
  for (const block of blocks.filter(({ language }) => language === 'ts' || language === 'tsx')) {
    const earlier = block.marks.includes('continues')
      ? programs.findLast((program) => program.block.page === block.page)
      : undefined;
    const before = `${earlier?.source ?? ''}${block.context}`;
    const name = block.page.replace(/[^\w]+/g, '-');
    programs.push({
      block,
      file: `${name}-${block.line}.${block.language}`,
      source: `${before}${block.code}`,
      hiddenLines: count(before),
    });
  }
  return programs;
}
