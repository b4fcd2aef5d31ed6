import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'oxc-parser';

export interface Import {
  readonly from: string;
  /** A path from the root of the repository, or the name of a package. */
  readonly to: string;
  /** Nothing of it is left at run time. */
  readonly isType: boolean;
}

/** Paths from the root of the repository → source text. */
export type Sources = ReadonlyMap<string, string>;

interface Found {
  readonly to: string;
  readonly isType: boolean;
}

/** `import('./a.js').A` in a type stands in no list of the parser's: it is found in the tree. */
function typeExpressions(node: unknown): readonly Found[] {
  if (Array.isArray(node)) return node.flatMap(typeExpressions);
  if (typeof node !== 'object' || node === null) return [];
  const own =
    'type' in node && node.type === 'TSImportType' && 'source' in node
      ? [{ to: String(Object(node.source).value), isType: true }]
      : [];
  return [...own, ...Object.values(node).flatMap(typeExpressions)];
}

/** Whatever a file imports or exports from elsewhere: statically, dynamically, or as a type. */
function importsIn(path: string, source: string): readonly Found[] {
  const { module, program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message ?? ''}`);
  const allTypes = (entries: readonly { readonly isType: boolean }[]): boolean =>
    entries.length > 0 && entries.every(({ isType }) => isType);
  const imports = module.staticImports.map(({ moduleRequest, entries }) => ({
    to: moduleRequest.value,
    isType: allTypes(entries),
  }));
  const exports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest === null ? [] : [{ to: moduleRequest.value, isType }],
    ),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest }) => {
    const text = source.slice(moduleRequest.start, moduleRequest.end);
    // The target of a computed specifier is unknown: the rules refuse it by this name.
    return { to: /^(['"`])([^$]*)\1$/.exec(text)?.[2] ?? `computed: ${text}`, isType: false };
  });
  const types = source.includes('import(') ? typeExpressions(program) : [];
  return [...imports, ...exports, ...dynamic, ...types];
}

function resolved(from: string, to: string, sources: Sources): string {
  if (!to.startsWith('.')) return to;
  const path = normalize(join(dirname(from), to));
  const candidates = [path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx'), path];
  return candidates.find((candidate) => sources.has(candidate)) ?? path;
}

export const importsOf = (sources: Sources): readonly Import[] =>
  [...sources].flatMap(([from, source]) =>
    importsIn(from, source).map(({ to, isType }) => ({ from, to: resolved(from, to, sources), isType })),
  );

export const readSources = (folder: string): Sources =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => join(folder, file))
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );

/** A walk that comes back to where it began, for each node that closes one. */
export function circlesIn(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (node: string, path: readonly string[]): void => {
    if (path.includes(node)) circles.push([...path.slice(path.indexOf(node)), node].join(' -> '));
    if (done.has(node) || path.includes(node)) return;
    for (const next of edges.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of edges.keys()) visit(node, []);
  return circles;
}
