import type { FaultRule, LogEntry } from '../../../src/adapters/emulator/index.js';
import { type FleetJob, registerWorker } from '../../../src/adapters/restate/index.js';
import { type Fleet, startFleet } from '../../support/fleet.js';
import { type GroupOptions, startWorkerGroup, type WorkerGroup } from './worker-group.js';

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
  /** How long a process that was killed is away, in ms. */
  readonly againMs?: number;
}

/** The options of every group of workers of a site. */
export const groupOptions = ({ emulator, engine, out }: Fleet): GroupOptions => ({
  keys: Object.fromEntries(KEYS.map((name) => [name, `sk_secret_of_${name}`])),
  baseUrl: emulator.baseUrl,
  ingress: engine.ingress,
  results: out,
  plan: 'business',
  processes: 2,
  tellsReads: true,
});

/** An engine, two processes of a worker with clocks of their own, two keys. */
export async function openSite({
  speed = 4,
  clockOffsets = [],
  processes = 2,
  faults = [],
  againMs = 300,
}: SiteOptions = {}): Promise<Site> {
  const apiKeys = KEYS.map((name) => ({
    key: `sk_secret_of_${name}`,
    label: name,
    plan: 'business' as const,
  }));
  const fleet = await startFleet({ speed, apiKeys, faults });
  const { engine } = fleet;
  const workers = await startWorkerGroup({ ...groupOptions(fleet), processes, clockOffsets, againMs });
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
  /** A person has detached it. */
  isLetGo: boolean;
  /** What the one who follows it waits for. */
  doing: string;
}

/** What a job is given at its start; the rest is a person's. */
export type TrialKind = 'answered' | 'asked' | 'manual';

const ANSWERS = { confirmed_titles: 'Tech Lead' };
let sizes = 10_000;

const inputOf = (kind: TrialKind) =>
  kind === 'asked' ? {} : { answers: ANSWERS, ...(kind === 'manual' ? { confirm: 'manual' as const } : {}) };

/** An engine that is killed is back long before. */
const PATIENCE_MS = 60_000;

/** Does something until the engine is there for it, as a host would. */
export async function patiently<Value>(work: () => Promise<Value>): Promise<Value> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isAway = error instanceof Error && error.name === 'NetworkError';
      if (!isAway || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Starts a job; an engine that is away is asked again under the same id. */
export async function startTrial({ fleet }: Site, key: string, kind: TrialKind = 'answered'): Promise<Trial> {
  sizes += 1;
  const bytes = sizes;
  const files = [
    await fleet.file(`resume-${bytes}.txt`, 'r'.repeat(bytes)),
    await fleet.file(`job-${bytes}.txt`, 'a job'),
  ];
  const input = { id: `job-${bytes}`, key, workflowId: 'goal_lane.resume_tailor', files, ...inputOf(kind) };
  const job = await patiently(() => fleet.client.start(input));
  return { job, bytes, isLetGo: false, doing: 'started' };
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

/** What a person does when a job asks. */
async function attend(site: Site, trial: Trial, type: string): Promise<void> {
  const { job } = trial;
  if (type === 'outcomeUnknown') await decide(site, trial);
  if (type === 'inputNeeded') await job.submitSlots(ANSWERS);
  if (type === 'confirmNeeded') await job.confirm();
}

/** Follows a job to its end; resolves with how it ended and how often a person had to decide. */
export async function finish(
  site: Site,
  trial: Trial,
): Promise<{ readonly status: string; readonly decisions: number }> {
  let decisions = 0;
  for await (const { type } of trial.job.events()) {
    if (type === 'outcomeUnknown') decisions += 1;
    // What was sent while something died may not have arrived: asked again, a job that has moved on takes no notice.
    trial.doing = `attends to ${type}`;
    await patiently(() => attend(site, trial, type));
    trial.doing = `follows after ${type}`;
  }
  const { status } = await trial.job.result();
  trial.doing = 'ended';
  return { status, decisions };
}

const SECRETS = [...KEYS.map((name) => `sk_secret_of_${name}`), 'X-Amz-Signature', 'X-Amz-Credential'];
const inHex = (text: string): string => Buffer.from(text).toString('hex');

export interface Look {
  readonly secrets: number;
  /** The journal was seen to hold what is no secret: what is in its values can be found. */
  readonly isSeeing: boolean;
}

/** How many secrets the engine holds at this moment, in whatever column. */
export async function lookInside({ fleet }: Site): Promise<Look> {
  let [secrets, isSeeing] = [0, false];
  for (const table of ['state', 'sys_journal', 'sys_invocation']) {
    const held = await fleet.sql<object>(`select * from ${table}`);
    const text = JSON.stringify(held).toLowerCase();
    isSeeing ||= table === 'sys_journal' && text.includes(inHex('goal_lane.resume_tailor'));
    secrets += SECRETS.filter(
      (secret) => text.includes(secret.toLowerCase()) || text.includes(inHex(secret)),
    ).length;
  }
  return { secrets, isSeeing };
}

/** What the laws forbid, as it is found in the server's log and in the engine. */
export async function breaches(site: Site): Promise<Readonly<Record<string, unknown>>> {
  const { log } = site.fleet.emulator;
  return {
    tooSoon: log.filter(({ tooSoon }) => tooSoon).length,
    underShutLimit: log.filter(({ rate }) => rate?.knownShut === true).length,
    secrets: (await lookInside(site)).secrets,
    keyAtStorage: log.filter(({ hadAuthorization, endpoint }) => endpoint === 'storage' && hadAuthorization)
      .length,
  };
}
