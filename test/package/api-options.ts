import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One optional property of a type of options. */
export interface OptionalProperty {
  /** Of the type, or of the function whose parameter it stands in. */
  readonly owner: string;
  readonly name: string;
  readonly takesUndefined: boolean;
}

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** What a host passes in, by what it is called. */
const OPTIONS =
  /(Options|Input|Query|Filter|Fault|Hint|Changes|Settings|Limits|Ports|NewBlobJob|PutTarget|ResultRequest|Emulated\w+|Permission|FaultRule|Clock)$/;
const DECLARED = /^TS(InterfaceDeclaration|TypeAliasDeclaration)$/;
const FUNCTIONS = /^(TSDeclareFunction|TSMethodSignature|TSFunctionType|TSCallSignatureDeclaration)$/;

const nameOf = ({ id, key }: Node): string => {
  const name = isNode(id) ? id : key;
  return isNode(name) ? String(name.name ?? name.value) : '';
};

const takesUndefined = ({ typeAnnotation }: Node): boolean => {
  const type = isNode(typeAnnotation) ? typeAnnotation.typeAnnotation : undefined;
  const types = isNode(type) && Array.isArray(type.types) ? type.types : [];
  return types.some((one) => isNode(one) && one.type === 'TSUndefinedKeyword');
};

/** `owner` is undefined where what is found is nothing that a host passes in. */
function optionalIn(node: unknown, owner?: string, around = ''): readonly OptionalProperty[] {
  if (Array.isArray(node)) return node.flatMap((each) => optionalIn(each, owner, around));
  if (!isNode(node)) return [];
  const type = String(node.type);
  const name = DECLARED.test(type) || FUNCTIONS.test(type) ? nameOf(node) || around : around;
  if (DECLARED.test(type)) {
    const own = OPTIONS.test(name) ? name : undefined;
    return Object.values(node).flatMap((child) => optionalIn(child, own, name));
  }
  // What a function takes is passed in, whatever it stands in; what it gives is not.
  if (FUNCTIONS.test(type)) return optionalIn(node.params, `${name}()`, name);
  const isOwn = owner !== undefined && type === 'TSPropertySignature' && node.optional === true;
  const own = isOwn ? [{ owner, name: nameOf(node), takesUndefined: takesUndefined(node) }] : [];
  return [...own, ...Object.values(node).flatMap((child) => optionalIn(child, owner, name))];
}

export const optionalProperties = (text: string): readonly OptionalProperty[] =>
  optionalIn(parseSync('api.d.ts', text).program.body);

/** Of every door, as the reports in `api/` have it. */
export function optionalPropertiesOfDoors(): readonly OptionalProperty[] {
  return readdirSync('api')
    .map((file) => /```ts\n([\s\S]*?)```/.exec(readFileSync(join('api', file), 'utf8'))?.[1] ?? '')
    .flatMap(optionalProperties);
}
