import type { Declarations, Declared } from './declarations.js';
import { docMarkdown } from './doc-comment.js';
import { code, page } from './markdown.js';

/** A door of the package: the name to import, and its declarations. */
export interface Door {
  readonly name: string;
  readonly file: string;
}

/** The doors in package.json, in its order. */
export const doorsOf = (
  exported: Readonly<Record<string, { readonly types?: string } | string>>,
): readonly Door[] =>
  Object.entries(exported).flatMap(([path, target]) =>
    typeof target === 'string' || target.types === undefined
      ? []
      : [{ name: path.replace(/^\./, 'goal-lane'), file: target.types.replace(/^\.\//, '') }],
  );

export const doorPage = ({ name }: Door): string => `${name.replace(/\//g, '-')}.md`;

const ORDER = ['function', 'constant', 'class', 'interface', 'type'] as const;
const HEADS: Readonly<Record<Declared['kind'], string>> = {
  function: 'Functions',
  constant: 'Values',
  class: 'Classes',
  interface: 'Interfaces',
  type: 'Types',
};

/** A type that is inferred for pages is named by its module alone: who reads it, reads the module. */
const LONGEST = 6_000;

function signature(declared: readonly Declared[]): string {
  const text = declared.map((one) => one.text.replace(/^export declare |^declare |^export /, '')).join('\n');
  return text.length > LONGEST
    ? `${text.slice(0, text.indexOf('{', 40)).trim()} // …: inferred, see the chart`
    : text;
}

function entry(name: string, declared: readonly Declared[]): string {
  const doc = declared.map(({ comment }) => docMarkdown(comment)).filter((text) => text !== '');
  const shown = [...new Set(doc)];
  return [`### ${name} {#${name}}`, ...shown, `\`\`\`ts\n${signature(declared)}\n\`\`\``].join('\n\n');
}

/** What one door exports, with its doc comments and declarations as they are packed. */
export function apiPage(declarations: Declarations, door: Door, purpose: string): string {
  const found = declarations.exportsOf(door.file).flatMap((name) => {
    const declared = declarations.find(door.file, name);
    return declared.length === 0 ? [] : [{ name, declared, kind: declared[0]?.kind }];
  });
  const sections = ORDER.flatMap((kind) => {
    const entries = found.filter((one) => one.kind === kind).sort((a, b) => (a.name < b.name ? -1 : 1));
    if (entries.length === 0) return [];
    return [`## ${HEADS[kind]}`, ...entries.map(({ name, declared }) => entry(name, declared))];
  });
  const names = found.length === 0 ? '' : `\`\`\`text\nimport { … } from '${door.name}';\n\`\`\``;
  return page(door.name, purpose, [names, ...sections]);
}

/** The purposes of the doors, from the table of docs/architecture.md. */
export function purposesIn(architecture: string): ReadonlyMap<string, string> {
  const rows = [...architecture.matchAll(/^\| (`goal-lane[^|]*) \| ([^|]+) \| ([^|]+) \|$/gm)];
  return new Map(
    rows.flatMap(([, names = '', purpose = '', loads = '']) =>
      names.split(', ').map((name, index) => {
        const without = loads.split(', ')[index] ?? loads;
        const text = purpose.trim().replace(/^./, (letter) => letter.toUpperCase());
        const linked = text.replace(/\]\(/g, '](../');
        return [name.replace(/`/g, '').trim(), `${linked}. Loads without Node: ${without.trim()}.`] as const;
      }),
    ),
  );
}

export const apiIndex = (doors: readonly Door[], purposes: ReadonlyMap<string, string>): string =>
  page('API', 'What each door of the package exports, from the types as they are packed.', [
    doors.map((door) => `- [${door.name}](${doorPage(door)}): ${purposes.get(door.name) ?? ''}`).join('\n'),
    `What no door exports is not part of the contract. What of it is kept stable: ${code('goal-lane')}, and what a view shows of a job that runs.`,
  ]);
