import type { JobLifecycle } from '../../../engine/job/source/job-view.js';
import type { StoredJobRow, StoredPage } from '../../../engine/job/source/lane-source.js';
import { defined } from '../../../services/defined.js';
import { refuseInput } from '../../../services/refuse-input.js';
import type { AdminApi } from '../admin/admin-api.js';
import { queryEngine, quoted } from '../admin/query-engine.js';
import type { JobRow } from '../job/job-row.js';
import { SERVICES } from '../names.js';
import { checkStates } from './check-client-input.js';
import type { Ingress } from './ingress.js';

export interface ListQuery {
  readonly states?: readonly string[] | undefined;
  /** The `next` of the previous page. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

export interface ListParts {
  readonly admin: AdminApi;
  readonly ingress: Ingress;
}

const DEFAULT_LIMIT = 100;
const MOST = 1_000;
const ENDS: readonly string[] = ['completed', 'failed', 'detached'];
/** A cursor first goes through the running jobs, newest first, then through the ended ones, latest end first. */
type Part = 'running' | 'ended';

interface Row {
  readonly id: string;
  /** Its time, as a text that sorts by it. */
  readonly at: string;
}

/** A time of the engine as a text that sorts by it: its own text of a whole second sorts behind the rest of that second. */
export const sortableTime = (column: string): string => `cast(cast(${column} as bigint) as varchar)`;

const ENDED_AT = sortableTime('created_at');

/** Several jobs may have the same time: then their ids decide. */
const after = (row: Row | undefined, time: string, id: string): string =>
  row === undefined
    ? ''
    : `and (${time} < ${quoted(row.at)} or (${time} = ${quoted(row.at)} and ${id} < ${quoted(row.id)}))`;

const cursorOf = (part: Part, { id, at }: Row): string => `${part} ${JSON.stringify([id, at])}`;

/** The beginning of a row, up to its time of 13 digits: it stays as it is, where the rest tells the state of the job. */
const STARTED_AT = `substr(value_utf8, 1, ${'{"createdAt":'.length + 13})`;

async function running(
  { admin }: ListParts,
  states: readonly string[] | undefined,
  from: Row | undefined,
  limit: number,
) {
  const ofState = states?.map((state) => `value_utf8 like ${quoted(`%"state":${JSON.stringify(state)}%`)}`);
  const rows = await queryEngine<Row & { readonly text: string }>(
    admin,
    `select service_key as id, ${STARTED_AT} as at, value_utf8 as text from state
     where service_name = ${quoted(SERVICES.job)} and key = 'row' ${after(from, STARTED_AT, 'service_key')}
     ${ofState === undefined ? '' : `and (${ofState.join(' or ')})`}
     order by ${STARTED_AT} desc, service_key desc limit ${limit}`,
  );
  return rows.map((row) => {
    const { id, text } = row;
    // Boundary: what the job object has stored under that name.
    const { keyId: _, state, ...rest }: JobRow = JSON.parse(text);
    // Boundary: as above.
    const job: StoredJobRow = { id, state: state as JobLifecycle, ...rest };
    return { job, cursor: cursorOf('running', row) };
  });
}

/** A mark of what is stored of each running job, by its id: as long as it is the same, the job has not changed. */
export async function marksOf(admin: AdminApi): Promise<ReadonlyMap<string, string>> {
  const rows = await queryEngine<{ readonly id: string; readonly mark: string }>(
    admin,
    `select service_key as id, md5(value_utf8) as mark from state
     where service_name = ${quoted(SERVICES.job)} and key = 'job'`,
  );
  return new Map(rows.map(({ id, mark }) => [id, mark]));
}

/** Ended jobs: calls that the engine keeps of the handlers named after the ways in which a job can end. */
async function ended(
  { admin, ingress }: ListParts,
  states: readonly string[],
  from: Row | undefined,
  limit: number,
) {
  const rows = await queryEngine<Row & { readonly state: JobLifecycle }>(
    admin,
    `select target_service_key as id, target_handler_name as state, ${ENDED_AT} as at from sys_invocation
     where target_service_name = ${quoted(SERVICES.job)} and target_handler_name in (${states.map(quoted).join(', ')})
     ${after(from, ENDED_AT, 'target_service_key')}
     order by created_at desc, target_service_key desc limit ${limit}`,
  );
  return Promise.all(
    rows.map(async (row) => {
      const { id, state } = row;
      const found = await ingress.ended(id);
      const kept = found === 'ending' ? undefined : found;
      const { workflowId, jobSpecId } = kept?.view ?? {};
      const createdAt = kept?.createdAt ?? 0;
      const job: StoredJobRow = { id, state, createdAt, ...defined({ workflowId, jobSpecId }) };
      return { job, cursor: cursorOf('ended', row) };
    }),
  );
}

function readCursor(page: string | undefined): { readonly part: Part; readonly from: Row | undefined } {
  if (page === undefined) return { part: 'running', from: undefined };
  const [, part, text = ''] = /^(running|ended) ([\s\S]*)$/.exec(page) ?? [];
  const row = rowIn(text);
  if ((part !== 'running' && part !== 'ended') || row === undefined)
    refuseInput(['page is none that this list has given'], 'Pass the `next` of the page before.');
  return { part, from: row };
}

function rowIn(text: string): Row | undefined {
  try {
    const [id, at]: unknown[] = JSON.parse(text);
    return typeof id === 'string' && typeof at === 'string' ? { id, at } : undefined;
  } catch {
    return undefined;
  }
}

const limitOf = (limit: number | undefined): number =>
  Number.isFinite(limit) ? Math.min(Math.max(Math.floor(limit ?? DEFAULT_LIMIT), 1), MOST) : DEFAULT_LIMIT;

/** The jobs of the engine: the running ones and, if their states are requested, those that ended within a day. */
export async function listJobs(parts: ListParts, query: ListQuery): Promise<StoredPage> {
  const { states } = query;
  checkStates(states);
  const limit = limitOf(query.limit);
  const { part, from } = readCursor(query.after);
  const ends = states?.filter((state) => ENDS.includes(state)) ?? [];
  const others = states?.filter((state) => !ENDS.includes(state));
  const found: { readonly job: StoredJobRow; readonly cursor: string }[] = [];
  if (part === 'running' && (others === undefined || others.length > 0))
    found.push(...(await running(parts, others, from, limit + 1)));
  if (found.length <= limit && ends.length > 0) {
    const endedFrom = part === 'ended' ? from : undefined;
    found.push(...(await ended(parts, ends, endedFrom, limit + 1 - found.length)));
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const jobs = page.map(({ job }) => job);
  return found.length > limit && last !== undefined ? { jobs, next: last.cursor } : { jobs };
}
