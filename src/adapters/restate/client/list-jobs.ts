import type { JobLifecycle } from '../../../engine/job/source/job-view.js';
import type { StoredJobRow, StoredPage } from '../../../engine/job/source/lane-source.js';
import { defined } from '../../../services/defined.js';
import { refuseInput } from '../../../services/refuse-input.js';
import { queryEngine, quoted } from '../admin/query-engine.js';
import type { JobRow } from '../job/job-row.js';
import { SERVICES } from '../names.js';
import type { Ingress } from './ingress.js';

export interface ListQuery {
  readonly states?: readonly string[] | undefined;
  /** The `next` of the previous page. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

export interface ListParts {
  readonly admin: string;
  readonly ingress: Ingress;
}

const DEFAULT_LIMIT = 100;
const MOST = 1_000;
const ENDS: readonly string[] = ['completed', 'failed', 'detached'];
/** A cursor first goes through the running jobs, newest first, then through the ended ones, latest end first. */
type Part = 'running' | 'ended';

interface Row {
  readonly id: string;
  /** Where the next page continues. */
  readonly at: string;
}

const older = (column: string, at: string | undefined): string =>
  at === undefined ? '' : `and ${column} < ${quoted(at)}`;

/** A row's text begins with its time, so texts are in the order of the times. */
async function running(
  { admin }: ListParts,
  states: readonly string[] | undefined,
  at: string | undefined,
  limit: number,
) {
  const ofState = states?.map((state) => `value_utf8 like ${quoted(`%"state":${JSON.stringify(state)}%`)}`);
  const rows = await queryEngine<Row>(
    admin,
    `select service_key as id, value_utf8 as at from state
     where service_name = ${quoted(SERVICES.job)} and key = 'row' ${older('value_utf8', at)}
     ${ofState === undefined ? '' : `and (${ofState.join(' or ')})`}
     order by value_utf8 desc limit ${limit}`,
  );
  return rows.map(({ id, at: text }) => {
    // Boundary: what the job object has stored under that name.
    const { keyId: _, state, ...rest }: JobRow = JSON.parse(text);
    // Boundary: as above.
    const job: StoredJobRow = { id, state: state as JobLifecycle, ...rest };
    return { job, cursor: `running ${text}` };
  });
}

/** Ended jobs: calls that the engine keeps of the handlers named after the ways in which a job can end. */
async function ended(
  { admin, ingress }: ListParts,
  states: readonly string[],
  at: string | undefined,
  limit: number,
) {
  const rows = await queryEngine<Row & { readonly state: JobLifecycle }>(
    admin,
    `select target_service_key as id, target_handler_name as state, cast(created_at as varchar) as at from sys_invocation
     where target_service_name = ${quoted(SERVICES.job)} and target_handler_name in (${states.map(quoted).join(', ')})
     ${older('cast(created_at as varchar)', at)}
     order by created_at desc limit ${limit}`,
  );
  return Promise.all(
    rows.map(async ({ id, state, at: text }) => {
      const found = await ingress.ended(id);
      const kept = found === 'ending' ? undefined : found;
      const { workflowId, jobSpecId } = kept?.view ?? {};
      const createdAt = kept?.createdAt ?? 0;
      const job: StoredJobRow = { id, state, createdAt, ...defined({ workflowId, jobSpecId }) };
      return { job, cursor: `ended ${text}` };
    }),
  );
}

function readCursor(after: string | undefined): { readonly part: Part; readonly at: string | undefined } {
  if (after === undefined) return { part: 'running', at: undefined };
  const [, part, at] = /^(running|ended) ([\s\S]*)$/.exec(after) ?? [];
  if (part !== 'running' && part !== 'ended')
    refuseInput(['page is none that this list has given'], 'Pass the `next` of the page before.');
  return { part, at };
}

const limitOf = (limit: number | undefined): number =>
  Number.isFinite(limit) ? Math.min(Math.max(Math.floor(limit ?? DEFAULT_LIMIT), 1), MOST) : DEFAULT_LIMIT;

/** The jobs of the engine: the running ones and, if their states are requested, those that ended within a day. */
export async function listJobs(parts: ListParts, query: ListQuery): Promise<StoredPage> {
  const { states } = query;
  const limit = limitOf(query.limit);
  const { part, at } = readCursor(query.after);
  const ends = states?.filter((state) => ENDS.includes(state)) ?? [];
  const others = states?.filter((state) => !ENDS.includes(state));
  const found: { readonly job: StoredJobRow; readonly cursor: string }[] = [];
  if (part === 'running' && (others === undefined || others.length > 0))
    found.push(...(await running(parts, others, at, limit + 1)));
  if (found.length <= limit && ends.length > 0) {
    const from = part === 'ended' ? at : undefined;
    found.push(...(await ended(parts, ends, from, limit + 1 - found.length)));
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const jobs = page.map(({ job }) => job);
  return found.length > limit && last !== undefined ? { jobs, next: last.cursor } : { jobs };
}
