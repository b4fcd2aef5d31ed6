import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

const IMPORT = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') || file.endsWith('.tsx'))
  .map((file) => join('src', file));

const sourceOf = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));

/** The source of what is imported: `.js` is made of `.ts` or of `.tsx`. */
function fileOf(path: string): string {
  const [ts = path, tsx = path] = ['.ts', '.tsx'].map((extension) => path.replace(/\.js$/, extension));
  return sourceOf.has(tsx) ? tsx : ts;
}

const imports: readonly Import[] = files.flatMap((from) =>
  [...(sourceOf.get(from) ?? '').matchAll(IMPORT)].map(([, type, to = '']) => ({
    from,
    to: to.startsWith('.') ? fileOf(normalize(join(dirname(from), to))) : to,
    isType: type !== undefined,
  })),
);

const inRoom = (room: string) => (path: string) => path.startsWith(`src/${room}/`);
const shown = ({ from, to }: Import): string => `${from} -> ${to}`;
const breaches = (is: (entry: Import) => boolean): string[] => imports.filter(is).map(shown);

/** The adapter that a path belongs to. */
const adapterOf = (path: string): string | undefined => /^src\/adapters\/([^/]+)\//.exec(path)?.[1];

describe('the rooms (data flows one way)', () => {
  it('reads imports at all', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.map(({ to }) => to)).toContain('xstate');
  });

  it('machines import no HTTP, no host, and services only as types', () => {
    const allowed = (to: string): boolean => to.startsWith('src/machines/') || to === 'xstate';
    expect(
      breaches(
        ({ from, to, isType }) =>
          inRoom('machines')(from) && !allowed(to) && !(isType && to.startsWith('src/services/')),
      ),
    ).toEqual([]);
  });

  it('services know nothing of XState, machines or hosts, and no Node built-in', () => {
    const allowed = (to: string): boolean =>
      to.startsWith('src/services/') || to === 'axios' || to === 'zod' || to === 'pino';
    expect(
      breaches(
        ({ from, to, isType }) =>
          inRoom('services')(from) && !allowed(to) && !(isType && to.startsWith('src/machines/')),
      ),
    ).toEqual([]);
  });

  it('machines have no clock, no timers and no chance of their own', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\b|\bsetTimeout\b|\bsetInterval\b|\bMath\.random\b|\bafter:|\bfromCallback\b|\bspawn/;
    const found = files.filter(
      (file) =>
        inRoom('machines')(file) && impure.test(sourceOf.get(file)?.replace(/\/\*[\s\S]*?\*\//g, '') ?? ''),
    );
    expect(found).toEqual([]);
  });

  it('only the front door imports from above', () => {
    expect(breaches(({ from, to }) => from !== 'src/index.ts' && to === 'src/index.ts')).toEqual([]);
    expect(
      breaches(({ from, to }) => adapterOf(from) !== undefined && to === 'src/adapters/index.ts'),
    ).toEqual([]);
  });

  it('what runs in a browser imports nothing of Node', () => {
    const isPortable = (path: string): boolean =>
      ['machines', 'services', 'engine/binding', 'engine/job', 'adapters/browser'].some((room) =>
        inRoom(room)(path),
      );
    expect(
      breaches(
        ({ from, to, isType }) =>
          isPortable(from) && !isType && (to.startsWith('node:') || inRoom('adapters/node')(to)),
      ),
    ).toEqual([]);
  });

  it('nothing but pages and the hooks know React, and nobody imports a page', () => {
    const isPage = (path: string): boolean => /^src\/adapters\/[^/]+\/page\//.test(path);
    const isReact = (to: string): boolean => /^(react|react-dom|wouter|lucide-react)(\/|$)/.test(to);
    expect(
      breaches(({ from, to }) => isReact(to) && !isPage(from) && !inRoom('adapters/react')(from)),
    ).toEqual([]);
    expect(breaches(({ from, to }) => isPage(to) && !isPage(from))).toEqual([]);
  });

  it('has no circles', () => {
    const next = new Map(
      files.map((file) => [file, imports.filter(({ from, isType }) => from === file && !isType)]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (done.has(file) || path.includes(file)) return;
      for (const { to } of next.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('every import leads to a file', () => {
    expect(breaches(({ to }) => to.startsWith('src/') && !sourceOf.has(to))).toEqual([]);
  });
});

describe('the size of things', () => {
  it('no source file is over 300 lines', () => {
    const long = files.filter((file) => (sourceOf.get(file)?.split('\n').length ?? 0) > 301);
    expect(long).toEqual([]);
  });

  it('half of the files are under 100 lines', () => {
    const lengths = files.map((file) => sourceOf.get(file)?.split('\n').length ?? 0).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(101);
  });

  it('names are kebab-case', () => {
    const odd = files.filter((file) => !/^src(\/[a-z0-9]+(-[a-z0-9]+)*)+\.tsx?$/.test(file));
    expect(odd.map((file) => relative('src', file))).toEqual([]);
  });
});
