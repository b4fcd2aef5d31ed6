import { circlesIn, type Import } from './import-graph.js';

const shown = ({ from, to }: Import): string => `${from} -> ${to}`;

/** Lowest first: a layer imports itself and what is below it. */
const LAYERS = ['src/services/', 'src/machines/', 'src/engine/', 'src/adapters/', 'src/'];

const layerOf = (path: string): number => LAYERS.findIndex((layer) => path.startsWith(layer));

/** services ← machines ← engine ← adapters ← doors; types count, and so do dynamic imports. */
export const climbs = (imports: readonly Import[]): readonly string[] =>
  imports.filter(({ from, to }) => to.startsWith('src/') && layerOf(to) > layerOf(from)).map(shown);

const edgesOf = (pairs: Iterable<readonly [string, string]>): ReadonlyMap<string, ReadonlySet<string>> => {
  const edges = new Map<string, Set<string>>();
  for (const [from, to] of pairs) edges.set(from, (edges.get(from) ?? new Set()).add(to));
  return edges;
};

/** Files that import each other in a circle, if only by their types. */
export const fileCircles = (imports: readonly Import[]): readonly string[] =>
  circlesIn(edgesOf(imports.map(({ from, to }) => [from, to] as const)));

/** The room of a folder that a path lies in: the folder's own sub-folder. */
function roomIn(folder: string, path: string): string | undefined {
  if (!path.startsWith(folder)) return undefined;
  const [room, ...rest] = path.slice(folder.length).split('/');
  return rest.length === 0 ? undefined : room;
}

const foldersOf = (imports: readonly Import[]): readonly string[] => [
  ...new Set(
    imports.flatMap(({ from }) =>
      from
        .split('/')
        .slice(0, -1)
        .map((_, at, parts) => `${parts.slice(0, at + 1).join('/')}/`),
    ),
  ),
];

/** Rooms that lie in one folder and import each other in a circle. */
export const roomCircles = (imports: readonly Import[]): readonly string[] =>
  foldersOf(imports).flatMap((folder) => {
    const pairs = imports.flatMap(({ from, to }) => {
      const [own, other] = [roomIn(folder, from), roomIn(folder, to)];
      return own === undefined || other === undefined || own === other ? [] : [[own, other] as const];
    });
    return circlesIn(edgesOf(pairs)).map((circle) => `${folder}: ${circle}`);
  });

const adapterOf = (path: string): string | undefined => roomIn('src/adapters/', path);

/** Imports from one adapter into another that `standsOn` does not list. */
export const adapterTies = (
  imports: readonly Import[],
  standsOn: ReadonlyMap<string, readonly string[]>,
): readonly string[] =>
  imports
    .filter(({ from, to }) => {
      const [own, other] = [adapterOf(from), adapterOf(to)];
      if (own === undefined || other === undefined || own === other) return false;
      return !(standsOn.get(own) ?? []).includes(other);
    })
    .map(shown);

/** What the architecture page says: `| \`cli\` | \`node\`, \`emulator\` |`. */
export function standsOnOf(page: string): ReadonlyMap<string, readonly string[]> {
  const [, table = ''] = page.split('| adapter | stands on |');
  const rows = table.split('\n\n')[0]?.matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm) ?? [];
  return new Map(
    [...rows].map(([, adapter = '', others = '']) => [
      adapter,
      [...others.matchAll(/`([\w-]+)`/g)].map(([, other = '']) => other),
    ]),
  );
}

/** Computed specifiers, and paths that lead to no file. */
export const blindImports = (imports: readonly Import[], files: ReadonlySet<string>): readonly string[] =>
  imports
    .filter(({ to }) => to.startsWith('computed: ') || (to.startsWith('src/') && !files.has(to)))
    .map(shown);
