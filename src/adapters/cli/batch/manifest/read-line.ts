import { resolve } from 'node:path';
import { readGivenSlots, valueShown } from '../../../../machines/question/slot-value.js';
import { defined } from '../../../../services/defined.js';
import { safeLine } from '../../say/terminal-safe.js';
import type { BatchLine, Finding, RawLine } from './batch-line.js';
import { derivedId, ID_RULE, isLineId } from './line-id.js';

const FIELDS = ['workflowId', 'files', 'id', 'slots', 'answers', 'priority', 'out'] as const;

/**
 * A parsed line, with its own id if it has one. Present even with findings, so that everything is checked: then it may have no
 * workflow (empty) or no files.
 */
export interface ReadLine {
  readonly entry?: Omit<BatchLine, 'id'> & { readonly givenId?: string; readonly derivedId: string };
  readonly findings: readonly Finding[];
}

type Complain = (field: string, found: unknown, allowed: string) => undefined;

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

function filesOf(value: unknown, folder: string, complain: Complain): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) return complain('files', 'an empty list', 'a path, or a list of paths');
  const bad = list.find((file) => !isText(file) || file.includes('\u0000'));
  if (bad !== undefined || list.includes(undefined))
    return complain('files', valueShown(bad), 'a path, or a list of paths');
  return list.map((file) => resolve(folder, String(file)));
}

function idOf(value: unknown, complain: Complain): string | undefined {
  if (value === undefined || value === null) return undefined;
  const id = typeof value === 'number' ? String(value) : value;
  return typeof id === 'string' && isLineId(id) ? id : complain('id', valueShown(value), ID_RULE);
}

function valuesOf(field: 'slots' | 'answers', value: unknown, complain: Complain) {
  if (value === undefined || value === null) return undefined;
  const { values, complaints, isUnreadable } = readGivenSlots(value);
  if (isUnreadable) return complain(field, valueShown(value), 'an object: slotId → value');
  for (const { field: slotId, message } of complaints) complain(`${field}.${safeLine(slotId)}`, '', message);
  return values;
}

function priorityOf(value: unknown, complain: Complain): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return complain('priority', valueShown(value), 'a number; higher ones start first');
}

/** Rejects unknown fields, because a typing error in a name would otherwise drop a value. */
function complainOfOthers(fields: RawLine['fields'], complain: Complain): void {
  for (const name of Object.keys(fields)) {
    if (FIELDS.some((known) => known === name)) continue;
    const near = FIELDS.find((known) => known.toLowerCase().startsWith(name.toLowerCase().slice(0, 3)));
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    complain(
      safeLine(name.slice(0, 100)),
      '',
      `there is no such field; a line has ${FIELDS.join(', ')}${meant}`,
    );
  }
}

/**
 * Converts a line of a manifest to a job, or lists all its errors. Pure: does not access the disk.
 * @param folder absolute; paths are relative to it
 */
export function readLine(raw: RawLine, folder: string): ReadLine {
  const { line, fields } = raw;
  const findings: Finding[] = [...raw.findings];
  const complain: Complain = (field, found, allowed) => {
    const rule = found === '' ? allowed : `is ${String(found)}; allowed is ${allowed}`;
    findings.push({ line, field, rule });
    return undefined;
  };
  if (findings.length > 0) return { findings };
  const { workflowId, out } = fields;
  complainOfOthers(fields, complain);
  if (!isText(workflowId))
    complain('workflowId', valueShown(workflowId), 'the id of a workflow, as in goal-lane workflows');
  if (out !== undefined && out !== null && !isText(out))
    complain('out', valueShown(out), 'the path of a folder');
  const files = filesOf(fields.files, folder, complain);
  const givenId = idOf(fields.id, complain);
  const slots = valuesOf('slots', fields.slots, complain);
  const answers = valuesOf('answers', fields.answers, complain);
  const priority = priorityOf(fields.priority, complain);
  const outDir = isText(out) ? resolve(folder, out) : undefined;
  const known = { workflowId: isText(workflowId) ? workflowId.trim() : '', files: files ?? [] };
  const meaning = { ...known, ...defined({ slots, answers }) };
  const entry = {
    line,
    ...meaning,
    ...defined({ priority, out: outDir, givenId }),
    derivedId: derivedId(meaning),
  };
  return { entry, findings };
}
