import type { AnyStateMachine } from 'xstate';
import { childrenOf, lifecycleOf, pathOf, type StateNode } from '../chart/machine-walk.js';
import { commentBefore, type Declarations, type Declared } from './declarations.js';
import { docSummary } from './doc-comment.js';
import { emittedBy } from './emitted-events.js';
import { code, page, table } from './markdown.js';
import { membersOf } from './members.js';
import { actionsOf } from './states-page.js';

interface UnionMember {
  /** `SUBMIT_SLOTS`, or the text of a member that has no type of its own. */
  readonly word: string;
  readonly fields: string;
  readonly comment: string;
}

interface TypeNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const textIn = (source: string, node: TypeNode): string => source.slice(node.start, node.end);

/** The members of a union of objects with a `type`, or of words. */
export function unionMembers(
  declarations: Declarations,
  [declared]: readonly Declared[],
): readonly UnionMember[] {
  if (declared?.node.type !== 'TSTypeAliasDeclaration') return [];
  const { node } = declared;
  const file = declarations.file(declared.file);
  const union = node.typeAnnotation;
  const members = union.type === 'TSUnionType' ? union.types : [union];
  let after: number = node.start;
  return members.map((member) => {
    const comment = commentBefore(file, member.start, after);
    after = member.end;
    if (member.type !== 'TSTypeLiteral')
      return { word: textIn(file.text, member).replace(/'/g, ''), fields: '', comment };
    const fields = member.members.flatMap((field) =>
      field.type === 'TSPropertySignature' && field.key.type === 'Identifier'
        ? [{ name: field.key.name, isOptional: field.optional, type: field.typeAnnotation?.typeAnnotation }]
        : [],
    );
    const textOf = (type: TypeNode | undefined): string =>
      type === undefined ? '' : textIn(file.text, type);
    const word = textOf(fields.find(({ name }) => name === 'type')?.type).replace(/'/g, '');
    const others = fields.filter(({ name }) => name !== 'type');
    const shown = others.map(({ name, isOptional, type }) =>
      code(`${name}${isOptional ? '?' : ''}: ${textOf(type)}`),
    );
    return { word, fields: shown.join('<br>'), comment };
  });
}

const visit = (node: StateNode, found: (state: StateNode) => void): void => {
  found(node);
  for (const child of childrenOf(node)) visit(child, found);
};

/** The states that take an event of the host's. */
export function takenBy(root: StateNode, event: string): readonly string[] {
  const states: string[] = [];
  visit(root, (node) => {
    if (node.transitions.has(event)) states.push(pathOf(node));
  });
  return states;
}

/** The states in which an event may be emitted. */
export function emittedIn(root: StateNode, word: string): readonly string[] {
  const states: string[] = [];
  visit(root, (node) => {
    const transitions = [...node.transitions.values()].flat().concat(node.always ?? []);
    const actions = [...node.entry, ...transitions.flatMap(({ actions: own }) => own)];
    if (emittedBy(actionsOf(actions)).includes(word)) states.push(pathOf(node));
  });
  return states;
}

const MOST_NAMED = 3;

/** Where there are many, the lifecycle states that they are in. */
function states(paths: readonly string[]): string {
  if (paths.includes('')) return 'every state';
  const named = paths.length > MOST_NAMED ? [...new Set(paths.map(lifecycleOf))] : paths;
  return named.map(code).join(', ');
}

const rows = (members: readonly UnionMember[], where: (word: string) => readonly string[]) =>
  members.map(({ word, fields, comment }) => [
    code(word),
    fields,
    `${docSummary(comment)}`,
    states(where(word)),
  ]);

const rawTable = (heads: readonly string[], lines: readonly (readonly string[])[]): string =>
  table(heads, lines).replace(/&lt;br>/g, '<br>');

/** Every event that a host may send or receive. */
export function eventsPage({ root }: AnyStateMachine, declarations: Declarations): string {
  const events = 'dist/machines/job-events.d.ts';
  const union = (name: string, file = events) => unionMembers(declarations, declarations.find(file, name));
  const reasons = union('DetachReason', 'dist/machines/job-output.d.ts');
  const question = declarations
    .find(events, 'InputRequest')
    .flatMap((declared) => membersOf(declarations, declared));
  return page('Events', 'What a host may send to a job, and what it receives.', [
    '## In: commands {#commands}',
    'With a handle: `job.send({ type: … })`; `job.submitSlots(slots)`, `job.confirm()` and `job.detach()` are shorter. With an actor: `actor.send(…)`. A command that the state does not take changes nothing.',
    rawTable(
      ['command', 'with', 'meaning', 'taken in'],
      rows(union('JobCommand'), (word) => takenBy(root, word)),
    ),
    '## Out: what is emitted {#emitted}',
    'With a handle: `job.on(type, listener)`, `for await (const event of job)`, each with `at` (epoch ms). With an actor: `actor.on(type, listener)`. A late subscriber reads `job.view()`: events are not repeated.',
    rawTable(
      ['event', 'with', 'meaning', 'emitted in'],
      rows(union('JobEmitted'), (word) => emittedIn(root, word)),
    ),
    '## A question {#input-request}',
    'What `inputNeeded` carries as `request`, and a view as long as it is open:',
    table(
      ['field', 'meaning', 'type'],
      question.map(({ name, comment, type }) => [code(name), docSummary(comment), code(type)]),
    ),
    '## Why a job was detached {#detach-reasons}',
    '`reason` of `detached`, and of the output. The job lives on at the server, for the API has no cancel.',
    table(
      ['reason', 'meaning'],
      reasons.map(({ word, comment }) => [code(word), docSummary(comment)]),
    ),
    '## Progress of files {#progress}',
    `\`uploadProgress\` and \`downloadProgress\` come at most ten times a second for each file, and once at its end.`,
  ]);
}
