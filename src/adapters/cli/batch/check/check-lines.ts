import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskFiles, lookAgain } from '../../../../engine/durable/recorded-files.js';
import type { JobRecord } from '../../../../engine/store/record/job-record.js';
import type { JobOptions } from '../../../../machines/job-input.js';
import { defined } from '../../../../services/defined.js';
import { isGoalLaneError } from '../../../../services/errors/goal-lane-error.js';
import type { Workflow } from '../../../../services/wire/wire-types.js';
import { inspectFiles } from '../../../node/uploads/inspect-files.js';
import { EXIT } from '../../ends/exit-code.js';
import { safeLine } from '../../say/terminal-safe.js';
import type { BatchLine, Finding, RawLine } from '../manifest/batch-line.js';
import type { Manifest } from '../manifest/open-manifest.js';
import { type ReadLine, readLine } from '../manifest/read-line.js';
import { changedPlan, type LinePlan, planLine } from '../plan/plan-line.js';
import { createIdIndex } from './id-index.js';
import { catalogFindings, optionsOf } from './line-checks.js';
import { createLineTable, type LineTable } from './line-table.js';
import type { Spool } from './spool.js';

/** A line and what to do about it. */
export interface PlannedLine {
  readonly line: BatchLine;
  readonly plan: LinePlan;
}

/** A complete checked manifest. */
export interface CheckedBatch {
  readonly lines: LineTable;
  /** Whether a line has this id. */
  hasId(id: string): boolean;
  readonly findings: readonly Finding[];
  /** The number of findings beyond those that are kept. */
  readonly more: number;
  /** Remarks about valid lines that may be unintended. */
  readonly notes: readonly string[];
  /** Why the catalog could not be loaded. */
  readonly catalogError?: unknown;
}

/** What lines are checked against. */
export interface CheckSite {
  readonly folder: string;
  readonly spool: Spool;
  catalog(): Promise<readonly Workflow[]>;
  load(id: string): Promise<JobRecord | undefined>;
  /** The options from the flags, for every line. */
  readonly common: JobOptions;
  /** Epoch ms. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Findings that are listed individually. */
const MOST_FINDINGS = 1_000;
const MOST_NOTES = 20;
/** Lines that are checked in parallel, so that disk and parser work at the same time. */
const TOGETHER = 32;

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Input files of a finished job that exist and have changed since; removed files do not matter. */
async function changedInputs({ files }: JobRecord): Promise<readonly string[]> {
  const changes: string[] = [];
  for (const file of files) {
    if (!(await isThere(file.path))) continue;
    if ('change' in (await lookAgain(diskFiles, file, 'glance'))) changes.push(`the content of ${file.path}`);
  }
  return changes;
}

async function planFor(site: CheckSite, line: BatchLine): Promise<LinePlan> {
  let record: JobRecord | undefined;
  try {
    record = await site.load(line.id);
  } catch (error) {
    const why = `cannot be read in the store: ${error instanceof Error ? error.message : String(error)}`;
    return { do: 'leave', exitCode: EXIT.unusable, state: 'unreadable', why: safeLine(why) };
  }
  const flagSlots = new Set(Object.keys(site.common.slots ?? {}));
  const plan = planLine(line, record, { now: site.now(), flagSlots });
  if (plan.do !== 'keep' || record === undefined) return plan;
  const changes = await changedInputs(record);
  return changes.length > 0 ? changedPlan(line.id, changes) : plan;
}

/** Whether a folder exists and is writable, or can be created. */
async function outFinding({ line, out }: BatchLine): Promise<readonly Finding[]> {
  if (out === undefined) return [];
  let folder = out;
  while (!(await isThere(folder)) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is not a folder`);
    await access(folder, constants.W_OK | constants.X_OK);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      {
        line,
        field: 'out',
        rule: safeLine(`cannot be used (${why}); name a folder that you may write to`),
      },
    ];
  }
}

interface Examined extends PlannedLine {
  readonly findings: readonly Finding[];
}

interface NamedLine {
  readonly line: BatchLine;
  /** What was found when it was read and named. */
  readonly before: readonly Finding[];
}

/** Of a line without a workflow or without files, that was found before; the rest is checked like any other. */
function withoutKnown({ workflowId, files }: BatchLine, findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    ({ field }) =>
      !(field === 'workflowId' && workflowId === '') && !(field === 'files' && files.length === 0),
  );
}

/**
 * Checks only lines that are to be sent; finished and already sent lines are not checked again. A line with findings is not any
 * stored job's, even if it has the id of one.
 */
async function examine(
  site: CheckSite,
  catalog: readonly Workflow[] | undefined,
  { line, before }: NamedLine,
): Promise<Examined> {
  const plan: LinePlan =
    before.length > 0 ? { do: 'start', isRefusedBefore: false } : await planFor(site, line);
  if (plan.do !== 'start') return { line, plan, findings: [] };
  const ofFolder = await outFinding(line);
  const options = optionsOf(line, site.common);
  try {
    const facts = await inspectFiles()({ handles: line.files }, { signal: site.signal, jobId: line.id });
    const found = catalog === undefined ? [] : catalogFindings(line, catalog, facts, options);
    return { line, plan, findings: [...before, ...ofFolder, ...withoutKnown(line, found)] };
  } catch (error) {
    if (!isGoalLaneError(error)) throw error;
    const { findings = [error.message] } = error.toJSON();
    const ofFiles = findings.map((rule) => ({ line: line.line, field: 'files', rule: safeLine(rule) }));
    // The files cannot be read; other errors are reported nevertheless.
    const rest = catalog === undefined ? [] : catalogFindings(line, catalog, [], options);
    const besides = withoutKnown(line, rest).filter(({ field }) => field !== 'files');
    return { line, plan, findings: [...before, ...ofFolder, ...ofFiles, ...besides] };
  }
}

/** Assigns ids: a given id that occurs twice is an error; a derived id that occurs twice means two jobs. */
function createNaming(notes: string[]) {
  const ids = createIdIndex();
  const hasId = (id: string): boolean => ids.lineOf(id) !== undefined;
  const nameOf = (
    entry: NonNullable<ReadLine['entry']>,
  ): { readonly id: string; readonly finding?: Finding } => {
    const { givenId, derivedId, line } = entry;
    if (givenId !== undefined) {
      const before = ids.lineOf(givenId);
      const rule = `${givenId} is the id of line ${before}, too; give each line its own`;
      if (before !== undefined) return { id: givenId, finding: { line, field: 'id', rule } };
      ids.add(givenId, line);
      return { id: givenId };
    }
    // A line with missing parts says the same as any other such line.
    if (entry.workflowId === '' || entry.files.length === 0) return { id: derivedId };
    let id = derivedId;
    while (ids.lineOf(id) !== undefined) id = `${derivedId}-${ids.nextCopy(derivedId)}`;
    if (id !== derivedId && notes.length < MOST_NOTES)
      notes.push(`Line ${line} says the same as line ${ids.lineOf(derivedId)}: it becomes a job of its own.`);
    ids.add(id, line);
    return { id };
  };
  return { nameOf, hasId };
}

async function* chunksOf<Entry>(entries: AsyncIterable<Entry>, size: number): AsyncGenerator<Entry[]> {
  let chunk: Entry[] = [];
  for await (const entry of entries) {
    chunk.push(entry);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function createFindings() {
  const kept: Finding[] = [];
  let more = 0;
  return {
    kept,
    more: () => more,
    add(findings: readonly Finding[]) {
      const room = Math.max(0, MOST_FINDINGS - kept.length);
      kept.push(...findings.slice(0, room));
      more += Math.max(0, findings.length - room);
    },
  };
}

/** The catalog, loaded once and only if there is a line; undefined if that failed, and then why. */
function createCatalog(load: CheckSite['catalog']) {
  let error: unknown;
  let asked: Promise<readonly Workflow[] | undefined> | undefined;
  return {
    get error() {
      return error;
    },
    get: () =>
      (asked ??= load().catch((reason: unknown) => {
        error = reason ?? new Error('no catalog');
        return undefined;
      })),
  };
}

type Findings = ReturnType<typeof createFindings>;

/** Reads and names lines; of those that cannot be read, only the findings are kept. */
function namedLines(
  chunk: readonly RawLine[],
  folder: string,
  nameOf: ReturnType<typeof createNaming>['nameOf'],
  findings: Findings,
): readonly NamedLine[] {
  const named: NamedLine[] = [];
  for (const { entry, findings: before } of chunk.map((one) => readLine(one, folder))) {
    if (entry === undefined) {
      findings.add(before);
      continue;
    }
    const { id, finding } = nameOf(entry);
    const { givenId: _given, derivedId: _derived, ...line } = entry;
    named.push({ line: { ...line, id }, before: finding === undefined ? before : [...before, finding] });
  }
  return named;
}

/** Reads and checks lines as they arrive; valid ones go to the spool. */
export async function checkLines(raw: AsyncIterable<RawLine>, site: CheckSite): Promise<CheckedBatch> {
  const findings = createFindings();
  const notes: string[] = [];
  const lines = createLineTable();
  const { nameOf, hasId } = createNaming(notes);
  const catalog = createCatalog(() => site.catalog());
  for await (const chunk of chunksOf(raw, TOGETHER)) {
    site.signal.throwIfAborted();
    const named = namedLines(chunk, site.folder, nameOf, findings);
    const known = named.length > 0 ? await catalog.get() : undefined;
    for (const { line, plan, findings: found } of await Promise.all(
      named.map((one) => examine(site, known, one)),
    )) {
      findings.add(found);
      if (found.length > 0) continue;
      const { workflowId, priority = 0 } = line;
      const place = await site.spool.append({ line, plan } satisfies PlannedLine);
      lines.add({ line: line.line, workflowId, priority, does: plan.do, place });
    }
  }
  return {
    lines,
    hasId,
    findings: findings.kept.sort((a, b) => a.line - b.line),
    more: findings.more(),
    notes,
    ...defined({ catalogError: catalog.error }),
  };
}

export const checkManifest = (manifest: Manifest, site: Omit<CheckSite, 'folder'>): Promise<CheckedBatch> =>
  checkLines(manifest.lines(), { ...site, folder: manifest.folder });
