import { createHash } from 'node:crypto';
import type { SlotDefinition, Workflow } from '../../../services/wire/wire-types.js';

const literal = (value: unknown): string => JSON.stringify(value);

const union = (members: readonly string[]): string => [...new Set(members)].join(' | ');

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** Whether a slot takes several values, as in `--answers`. */
const isList = (type: string): boolean => /^(list|array|multi.*)$|\[\]$/i.test(type);

function scalarType(type: string): string {
  if (/^(number|int(eger)?|float|decimal)/i.test(type)) return 'number';
  if (/^bool/i.test(type)) return 'boolean';
  return 'string';
}

/** The TypeScript type of a slot's value. What the catalog does not specify stays loose. */
function valueType({ type, options = [] }: SlotDefinition): string {
  const listed = options.filter(isScalar);
  const one = listed.length > 0 ? union(listed.map(literal)) : scalarType(type.replace(/\[\]$/, ''));
  return isList(type) ? `readonly (${one})[]` : one;
}

const slotLine = (slot: SlotDefinition): string =>
  `        ${literal(slot.slotId)}${slot.required ? '' : '?'}: ${valueType(slot)};`;

/** Text from the catalog must not end the comment that contains it. */
const commentText = (text: string): string =>
  text.replaceAll('*/', '*\\/').replace(/\s+/g, ' ').trim().slice(0, 200);

function workflowLines(workflow: Workflow): string[] {
  const { specId, name, supportedInputFormats: formats, requiredSlots } = workflow;
  const slots = requiredSlots.map(slotLine);
  return [
    `      /** ${commentText(name)} */`,
    `      ${literal(specId)}: {`,
    `        formats: ${formats.length === 0 ? 'string' : union(formats.map(literal))};`,
    ...(slots.length === 0
      ? ['        slots: Record<never, never>;']
      : ['        slots: {', ...slots.map((line) => `  ${line}`), '        };']),
    '      };',
  ];
}

const bySpecId = (a: Workflow, b: Workflow): number => (a.specId < b.specId ? -1 : 1);

/** The first words of a generated file. */
export const FIRST_WORDS = '// Written by `goal-lane types`';

/** The catalog as a declaration file that `goal-lane` reads by declaration merging. Equal catalogs produce equal text. */
export function catalogTypes(catalog: readonly Workflow[]): string {
  const unique = [...new Map(catalog.map((workflow) => [workflow.specId, workflow])).values()];
  const lines = unique.sort(bySpecId).flatMap(workflowLines);
  const hash = createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
  return [
    `${FIRST_WORDS}; \`goal-lane types --check\` says whether the catalog has changed since.`,
    `// ${unique.length} workflows, ${hash}. Slots of checkpoints are not in the catalog: add \`checkpoints: { slotId: type }\` to a copy.`,
    "import 'goal-lane';",
    '',
    "declare module 'goal-lane' {",
    '  interface Register {',
    '    workflows: {',
    ...lines,
    '    };',
    '  }',
    '}',
    '',
  ].join('\n');
}
