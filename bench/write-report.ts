import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where the benchmark was started: `bench/run.mjs` moves to the root of the repository. */
const docs = (): string => join(process.cwd(), 'docs');

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** One benchmark's section of `docs/benchmarks.md`: starts with `## `. `order` is its place there. */
export async function writeReport(order: number, name: string, markdown: string): Promise<void> {
  await write(join(docs(), 'benchmarks', `${order}-${name}.md`), `${markdown.trimEnd()}\n`);
}

export async function writePlot(name: string, content: string): Promise<void> {
  await write(join(docs(), 'plots', `${name}.svg`), content);
}

/** A Markdown table; the first row is its head. */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const render = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [render(head), render(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...body.map(render)].join(
    '\n',
  );
}
