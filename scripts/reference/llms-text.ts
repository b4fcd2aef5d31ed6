import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { doorPath, SECTIONS } from '../../tools/docs/site-map.js';
import type { Door } from './api-pages.js';

/** One list of every page for language models (llmstxt.org): each as Markdown, with a line about it. */
export function llmsText(
  root: string,
  doors: readonly Door[],
  purposes: ReadonlyMap<string, string>,
): string {
  const isThere = (path: string): boolean => existsSync(join(root, 'docs', `${path}.md`));
  const sections = SECTIONS.map(({ title, pages }) => {
    const lines = pages
      .filter(({ path }) => isThere(path))
      .map((page) => `- [${page.title}](/${page.path}.md): ${page.about}`);
    return `## ${title}\n\n${lines.join('\n')}`;
  });
  const api = doors.map(({ name }) => `- [${name}](/${doorPath(name)}.md): ${purposes.get(name) ?? ''}`);
  return `# goal-lane

> Runs a Convilyn goal job from files on disk to a verified result on disk, as an explicit XState v5 state machine: a library, a command line, an emulator of the API.

${sections.join('\n\n')}

## API, door by door

${api.join('\n').replace(/\]\(\.\.\//g, '](/')}
`;
}
