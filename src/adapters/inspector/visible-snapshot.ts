import { defined } from '../../services/defined.js';
import type { Json, VisibleSnapshot } from './inspection-message.js';
import { fieldsOf, isRecord, itemsOf, nameIn, type Permission, wordIn } from './visible.js';
import { visibleContext, visibleOutput } from './visible-context.js';

/** A state value contains only names of states. */
export function visibleValue(value: unknown): Json {
  if (!isRecord(value)) return nameIn(value) ?? '';
  return Object.fromEntries(
    Object.entries(value).flatMap(([state, inner]) =>
      nameIn(state) === undefined ? [] : [[state, visibleValue(inner)]],
    ),
  );
}

const tagsOf = (tags: unknown): string[] =>
  (tags instanceof Set ? [...tags] : itemsOf(tags)).flatMap((tag) => nameIn(tag) ?? []);

/** The visible parts of a snapshot: for a promise only its status, without input, output and error. */
export function visibleSnapshot(snapshot: unknown, permission: Permission): VisibleSnapshot {
  const fields = fieldsOf(snapshot);
  const status = wordIn(fields.status) ?? 'active';
  if (!('value' in fields)) return { status };
  const output = visibleOutput(fields.output);
  return {
    status,
    value: visibleValue(fields.value),
    context: visibleContext(fields.context, permission),
    tags: tagsOf(fields.tags),
    ...defined({ output }),
  };
}
