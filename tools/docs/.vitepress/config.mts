import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { doorPath, doorsIn, SECTIONS } from '../site-map.js';
import { stackedTables } from './stacked-tables.js';

const linkTo = (path: string): string => `/${path.replace(/(^|\/)index$/, '$1')}`;

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));
const isThere = ({ path }: { path: string }): boolean => existsSync(join(docs, `${path}.md`));
const { exports } = JSON.parse(readFileSync(join(docs, '../package.json'), 'utf8'));

const doors: DefaultTheme.SidebarItem[] = doorsIn(exports).map((door) => ({ text: door, link: linkTo(doorPath(door)) }));

const sidebar: DefaultTheme.SidebarItem[] = SECTIONS.map(({ title, pages }) => ({
  text: title,
  items: pages.filter(isThere).map(({ path, title: text }) => ({
    text,
    link: linkTo(path),
    ...(path === 'api/index' ? { collapsed: true, items: doors } : {}),
  })),
}));

/** Files of docs/ that pages link as they are, beside pictures, which the bundler takes along by itself. */
const LINKED = ['statechart.svg', 'statechart.mmd'];

const here = fileURLToPath(import.meta.url);

/** Pages are compiled where they stand, in docs/, from where no package of this folder is found. */
const packagesOfThisFolder: Plugin = {
  name: 'packages-of-this-folder',
  enforce: 'pre',
  resolveId(source, importer, { ssr }) {
    // What renders the pages beforehand runs in this folder, and finds its packages by itself.
    if (ssr === true) return /^@?vue/.test(source) ? { id: source, external: true } : null;
    const isOfPage = importer?.split('?')[0]?.endsWith('.md') === true && /^vue(\/|$)/.test(source);
    return isOfPage ? this.resolve(source, here, { skipSelf: true }) : null;
  },
};

export default defineConfig({
  title: 'goal-lane',
  description: 'Runs Convilyn goal jobs as an explicit state machine: from files on disk to a verified result on disk.',
  srcDir: '../../docs',
  outDir: '../../site',
  srcExclude: ['benchmarks/**', 'examples/**'],
  lastUpdated: false,
  // Nothing is fetched from elsewhere: the font is the theme's own, the search is built into the site.
  themeConfig: {
    sidebar,
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Defaults', link: '/reference/defaults' },
      { text: 'Failures', link: '/reference/failures' },
      { text: 'API', link: '/api/' },
    ],
    search: { provider: 'local' },
    outline: { level: [2, 3] },
  },
  vite: { plugins: [packagesOfThisFolder] },
  markdown: { config: stackedTables },
  async buildEnd({ srcDir, outDir, pages }) {
    // The pages themselves too: llms.txt leads to them.
    for (const name of [...LINKED, ...pages]) {
      await mkdir(dirname(join(outDir, name)), { recursive: true });
      await copyFile(join(srcDir, name), join(outDir, name));
    }
  },
});
