import { commentBefore, type Declarations, type Declared } from './declarations.js';

export interface Member {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly comment: string;
}

/** A node of the parser's tree, as far as it is looked at here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value;
const nodes = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);
const node = (value: unknown): Node | undefined => (isNode(value) ? value : undefined);

interface Place {
  readonly declarations: Declarations;
  readonly file: string;
}

function ownMembers({ declarations, file }: Place, body: readonly Node[], from: number): readonly Member[] {
  const parsed = declarations.file(file);
  let after = from;
  return body.flatMap((field) => {
    const comment = commentBefore(parsed, field.start, after);
    after = field.end;
    const key = node(field.key);
    const type = node(node(field.typeAnnotation)?.typeAnnotation);
    const isMethod = field.type === 'TSMethodSignature';
    if (key === undefined || (field.type !== 'TSPropertySignature' && !isMethod)) return [];
    const name = String(key.name ?? key.value);
    const text = isMethod
      ? parsed.text.slice(key.end, field.end).replace(/;$/, '')
      : parsed.text.slice(type?.start ?? 0, type?.end ?? 0);
    return [{ name, type: text, isOptional: field.optional === true, comment }];
  });
}

/** The words in `'a' | 'b'`. */
const literals = (type: Node | undefined): readonly string[] =>
  type?.type === 'TSUnionType'
    ? nodes(type.types).flatMap(literals)
    : [String(node(type?.literal)?.value ?? '')];

function ofReference(place: Place, name: string, given: readonly Node[]): readonly Member[] {
  const [first, second] = given;
  const inner = (): readonly Member[] => (first === undefined ? [] : ofType(place, first));
  if (name === 'Omit') return inner().filter((member) => !literals(second).includes(member.name));
  if (name === 'Pick') return inner().filter((member) => literals(second).includes(member.name));
  if (name === 'Partial') return inner().map((member) => ({ ...member, isOptional: true }));
  if (name === 'Readonly') return inner();
  return place.declarations
    .find(place.file, name)
    .flatMap((declared) => membersOf(place.declarations, declared));
}

/** Later ones with a type of their own go before: a union's members are joined, and `never` says that there is none. */
const joined = (members: readonly Member[]): readonly Member[] => {
  const byName = new Map<string, Member>();
  for (const member of members)
    if (member.type !== 'never' && !byName.has(member.name)) byName.set(member.name, member);
  return [...byName.values()];
};

function ofType(place: Place, type: Node): readonly Member[] {
  if (type.type === 'TSTypeLiteral') return ownMembers(place, nodes(type.members), type.start);
  if (type.type === 'TSParenthesizedType')
    return nodes([type.typeAnnotation]).flatMap((one) => ofType(place, one));
  if (type.type === 'TSIntersectionType' || type.type === 'TSUnionType')
    return joined(nodes(type.types).flatMap((one) => ofType(place, one)));
  if (type.type !== 'TSTypeReference') return [];
  return ofReference(place, String(node(type.typeName)?.name), nodes(node(type.typeArguments)?.params));
}

/** The members of an interface or of a type made of some, those that it takes over included. */
export function membersOf(declarations: Declarations, declared: Declared): readonly Member[] {
  const place = { declarations, file: declared.file };
  // The parser's types know each node by itself; here they are walked alike.
  const tree = declared.node as unknown as Node;
  if (declared.kind === 'type') return nodes([tree.typeAnnotation]).flatMap((type) => ofType(place, type));
  const own = ownMembers(place, nodes(node(tree.body)?.body), declared.node.start);
  const taken = nodes(tree.extends).flatMap((heritage) =>
    ofReference(place, String(node(heritage.expression)?.name), nodes(node(heritage.typeArguments)?.params)),
  );
  return joined([...own, ...taken]);
}
