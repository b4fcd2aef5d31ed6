import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Comment, type Program, parseSync } from 'oxc-parser';

type Statement = Program['body'][number];

/** One declaration of a declaration file, as it is packed. */
export interface Declared {
  readonly name: string;
  /** Path below the root of the repository. */
  readonly file: string;
  readonly kind: 'function' | 'class' | 'interface' | 'type' | 'constant';
  /** As it stands in the file, comments inside included. */
  readonly text: string;
  /** The doc comment before it, without its stars. */
  readonly comment: string;
  readonly node: Statement;
}

export interface ParsedFile {
  readonly path: string;
  readonly text: string;
  readonly comments: readonly Comment[];
  /** By name; a function has one for each overload. */
  readonly declared: ReadonlyMap<string, readonly Declared[]>;
  /** Names that come from elsewhere: where from, and how they are called there. */
  readonly imported: ReadonlyMap<string, Origin>;
  /** Files whose exports are all exported again. */
  readonly passedOn: readonly string[];
  /** Names that are exported, and where they stand. */
  readonly exported: ReadonlyMap<string, Origin>;
}

interface Origin {
  readonly file: string;
  readonly name: string;
}

const KINDS: Readonly<Partial<Record<Statement['type'], Declared['kind']>>> = {
  TSDeclareFunction: 'function',
  FunctionDeclaration: 'function',
  ClassDeclaration: 'class',
  TSInterfaceDeclaration: 'interface',
  TSTypeAliasDeclaration: 'type',
  VariableDeclaration: 'constant',
};

/** The words of a doc comment that ends right before `start`, or of the one that stands last between two places. */
export function commentBefore(
  { text, comments }: Pick<ParsedFile, 'text' | 'comments'>,
  start: number,
  after = 0,
): string {
  const found = comments.findLast((comment) => comment.end <= start && comment.start >= after);
  if (found === undefined || !found.value.startsWith('*') || !/^[\s|]*$/.test(text.slice(found.end, start)))
    return '';
  return found.value
    .slice(1)
    .replace(/^[ \t]*\* ?/gm, '')
    .trim();
}

const nameOf = (node: Statement): string => {
  if (node.type === 'VariableDeclaration') {
    const [first] = node.declarations;
    return first?.id.type === 'Identifier' ? first.id.name : '';
  }
  return 'id' in node && node.id !== null && 'name' in node.id ? String(node.id.name) : '';
};

/** A name in an import or an export may be a string by the grammar; here it never is. */
const wordOf = (name: object): string => ('name' in name ? String(name.name) : '');

function parse(root: string, path: string): ParsedFile {
  const text = readFileSync(join(root, path), 'utf8');
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message ?? ''}`);
  const target = (source: string): string => join(dirname(path), source.replace(/\.js$/, '.d.ts'));
  const declared = new Map<string, Declared[]>();
  const imported = new Map<string, Origin>();
  const exported = new Map<string, Origin>();
  const passedOn: string[] = [];
  const declare = (node: Statement, outer: Statement): void => {
    const kind = KINDS[node.type];
    const name = nameOf(node);
    if (kind === undefined || name === '') return;
    const comment = commentBefore({ text, comments }, outer.start);
    const one = { name, file: path, kind, text: text.slice(outer.start, outer.end), comment, node };
    declared.set(name, [...(declared.get(name) ?? []), one]);
    if (outer !== node) exported.set(name, { file: path, name });
  };
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') {
      for (const entry of node.specifiers)
        if (entry.type === 'ImportSpecifier')
          imported.set(entry.local.name, { file: target(node.source.value), name: wordOf(entry.imported) });
    } else if (node.type === 'ExportAllDeclaration') passedOn.push(target(node.source.value));
    else if (node.type === 'ExportNamedDeclaration' && node.declaration !== null)
      declare(node.declaration, node);
    else if (node.type === 'ExportNamedDeclaration')
      for (const { local, exported: shown } of node.specifiers) {
        const file = node.source === null ? path : target(node.source.value);
        exported.set(wordOf(shown), { file, name: wordOf(local) });
      }
    else declare(node, node);
  }
  return { path, text, comments, declared, imported, passedOn, exported };
}

export interface Declarations {
  file(path: string): ParsedFile;
  /** What a name means in a file, wherever it is declared; empty where another package does it. */
  find(path: string, name: string): readonly Declared[];
  /** The names that a file exports, those that it passes on included, in their order. */
  exportsOf(path: string): readonly string[];
}

/** Reads the packed declarations below a root, each file once. */
export function readDeclarations(root: string): Declarations {
  const files = new Map<string, ParsedFile>();
  const file = (path: string): ParsedFile => {
    const known = files.get(path) ?? parse(root, path);
    files.set(path, known);
    return known;
  };
  const isOurs = (path: string): boolean => path.startsWith('dist/') && path.endsWith('.d.ts');
  const find = (path: string, name: string): readonly Declared[] => {
    if (!isOurs(path)) return [];
    const { declared, imported, exported, passedOn } = file(path);
    const here = declared.get(name);
    if (here !== undefined) return here;
    const origin = exported.get(name) ?? imported.get(name);
    if (origin !== undefined && (origin.file !== path || origin.name !== name))
      return find(origin.file, origin.name);
    const further = imported.get(name);
    if (further !== undefined) return find(further.file, further.name);
    return passedOn.flatMap((next) => find(next, name));
  };
  const exportsOf = (path: string): readonly string[] => {
    const { exported, passedOn } = file(path);
    return [...new Set([...exported.keys(), ...passedOn.flatMap(exportsOf)])];
  };
  return { file, find, exportsOf };
}
