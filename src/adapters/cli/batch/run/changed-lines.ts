import { createReadStream } from 'node:fs';
import { looseJson } from '../../../../services/wire/loose-json.js';
import type { PlannedLine } from '../check/check-lines.js';
import type { CheckedLine } from '../check/line-table.js';
import type { Spool } from '../check/spool.js';
import { derivedName } from '../manifest/line-id.js';

/** A line of an earlier run that the manifest does not have any more. */
interface GoneLine {
  readonly id: string;
  readonly workflowId: string;
}

/** There are few in a manifest that was edited; a different manifest need not be compared. */
const MOST_GONE = 1_000;

const textOf = (value: object, name: string): string => String(Reflect.get(value, name));

/** Lines of the last report whose ids are gone, by line number. Empty if there is no report. */
async function goneLines(report: string, hasId: (id: string) => boolean): Promise<Map<number, GoneLine>> {
  const gone = new Map<number, GoneLine>();
  let rest = '';
  try {
    for await (const part of createReadStream(report, 'utf8')) {
      const lines = (rest + String(part)).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) {
        const found = looseJson(text);
        if (typeof found !== 'object' || found === null || gone.size >= MOST_GONE) continue;
        const [id, line] = [textOf(found, 'id'), Number(textOf(found, 'line'))];
        if (!hasId(id)) gone.set(line, { id, workflowId: textOf(found, 'workflowId') });
      }
    }
  } catch {
    // No earlier report.
  }
  return gone;
}

/**
 * New lines that stand in the place of a line of the last run with the same workflow and first file, and whose ids are derived
 * from their content: the line was changed. By line number, with the id that it had.
 */
export async function changedLines(
  report: string,
  lines: Iterable<CheckedLine>,
  { spool, hasId }: { readonly spool: Spool; readonly hasId: (id: string) => boolean },
): Promise<ReadonlyMap<number, string>> {
  const gone = await goneLines(report, hasId);
  const changed = new Map<number, string>();
  if (gone.size === 0) return changed;
  for (const { line, does, workflowId, place } of lines) {
    const before = gone.get(line);
    if (does !== 'start' || before?.workflowId !== workflowId) continue;
    // Boundary: written by `checkLines`.
    const planned = (await spool.read(place)) as PlannedLine;
    const name = derivedName(planned.line.id);
    if (name !== undefined && name === derivedName(before.id)) changed.set(line, before.id);
  }
  return changed;
}
