import type { FaultRule, LogEntry } from '../../../src/adapters/emulator/index.js';
import { type FleetJob, registerWorker } from '../../../src/adapters/restate/index.js';
import { type Fleet, startFleet } from '../../support/fleet.js';
import { type GroupOptions, startWorkerGroup, type WorkerGroup } from './worker-group.js';

/** The same numbers for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const KEYS = ['one', 'two'] as const;

export interface Site {
  readonly fleet: Fleet;
  readonly workers: WorkerGroup;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly speed?: number;
  readonly clockOffsets?: readonly number[];
  readonly processes?: number;
  readonly faults?: readonly FaultRule[];
}

/** What every group of workers of a site is told. */
export const groupOptions = ({ emulator, engine, out }: Fleet): GroupOptions => ({
  keys: Object.fromEntries(KEYS.map((name) => [name, `sk_secret_of_${name}`])),
  baseUrl: emulator.baseUrl,
  ingress: engine.ingress,
  results: out,
  plan: 'business',
  processes: 2,
});

/** An engine, two processes of a worker with clocks of their own, two keys. */
export async function openSite({
  speed = 4,
  clockOffsets = [],
  processes = 2,
  faults = [],
}: SiteOptions = {}): Promise<Site> {
  const apiKeys = KEYS.map((name) => ({
    key: `sk_secret_of_${name}`,
    label: name,
    plan: 'business' as const,
  }));
  const fleet = await startFleet({ speed, apiKeys, faults });
  const { engine } = fleet;
  const workers = await startWorkerGroup({ ...groupOptions(fleet), processes, clockOffsets });
  await registerWorker({ admin: engine.admin, url: workers.url });
  return {
    fleet,
    workers,
    async close() {
      await workers.close();
      await fleet.close();
    },
  };
}

/** A job whose file has a size of its own: so its create is found in the server's log. */
export interface Trial {
  readonly job: FleetJob;
  readonly bytes: number;
}

const ANSWERS = { confirmed_titles: 'Tech Lead' };
let sizes = 10_000;

/** Starts a job; an engine that is away is asked again under the same id, as a host would. */
export async function startTrial({ fleet }: Site, key: string): Promise<Trial> {
  sizes += 1;
  const bytes = sizes;
  const files = [
    await fleet.file(`resume-${bytes}.txt`, 'r'.repeat(bytes)),
    await fleet.file(`job-${bytes}.txt`, 'a job'),
  ];
  for (;;) {
    try {
      const id = `job-${bytes}`;
      const job = await fleet.client.start({
        id,
        key,
        workflowId: 'goal_lane.resume_tailor',
        files,
        answers: ANSWERS,
      });
      return { job, bytes };
    } catch (error) {
      if (!(error instanceof Error && error.name === 'NetworkError')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The creates that the server has taken for a job, found by the size of its file. */
export function createsOf(log: readonly LogEntry[], { bytes }: Trial): readonly string[] {
  const fileIds = new Set(
    log.flatMap(({ effect }) =>
      effect?.type === 'uploaded' && effect.bytes === bytes ? [effect.fileId] : [],
    ),
  );
  return log.flatMap(({ effect, body }) =>
    effect?.type === 'created' && body.fileIds?.some((id) => fileIds.has(id)) === true
      ? [effect.jobSpecId]
      : [],
  );
}

/** What a person would do: adopts the job that the server shows, or sends the create again where there is none. */
async function decide({ fleet }: Site, trial: Trial): Promise<void> {
  const [jobSpecId] = createsOf(fleet.emulator.log, trial);
  await trial.job.send(jobSpecId === undefined ? { type: 'RETRY' } : { type: 'ADOPT', jobSpecId });
}

/** Follows a job to its end; resolves with how it ended and how often a person had to decide. */
export async function finish(
  site: Site,
  trial: Trial,
): Promise<{ readonly status: string; readonly decisions: number }> {
  let decisions = 0;
  for await (const event of trial.job.events()) {
    if (event.type !== 'outcomeUnknown') continue;
    decisions += 1;
    for (;;) {
      try {
        await decide(site, trial);
        break;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }
  const { status } = await trial.job.result();
  return { status, decisions };
}

/** What the laws forbid, as it is found in the server's log and in the engine. */
export async function breaches({ fleet }: Site): Promise<Readonly<Record<string, unknown>>> {
  const { log } = fleet.emulator;
  const rows = await fleet.sql<{ readonly n: number }>(
    `select count(*) as n from state where value_utf8 like '%sk_secret_of%' or value_utf8 like '%X-Amz-Signature%'
     union all select count(*) as n from sys_journal where entry_json like '%sk_secret_of%' or entry_json like '%X-Amz-Signature%'
     union all select count(*) as n from sys_invocation where coalesce(last_failure, '') like '%sk_secret_of%' or coalesce(completion_failure, '') like '%sk_secret_of%'`,
  );
  return {
    tooSoon: log.filter(({ tooSoon }) => tooSoon).length,
    underShutLimit: log.filter(({ rate }) => rate?.toldShut === true).length,
    secrets: rows.reduce((sum, { n }) => sum + n, 0),
    keyAtStorage: log.filter(({ hadAuthorization, endpoint }) => endpoint === 'storage' && hadAuthorization)
      .length,
  };
}
