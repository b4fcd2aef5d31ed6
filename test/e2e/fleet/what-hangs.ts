import { createsOf, type Site, type Trial } from './campaign.js';

/**
 * Waits for work for as long as it gets on: how long all of it takes depends on what else the machine does.
 * @param progress changes whenever something has moved on
 * @throws if nothing has moved on for `ms`, with what is known of it then
 */
export async function whileItMoves(
  ms: number,
  work: Promise<unknown>,
  progress: () => string,
  known: () => Promise<string>,
): Promise<void> {
  let seen = progress();
  let timer: NodeJS.Timeout | undefined;
  const still = new Promise<'still'>((resolve) => {
    timer = setInterval(() => {
      const now = progress();
      if (now === seen) resolve('still');
      seen = now;
    }, ms);
  });
  const isStill = (await Promise.race([work, still]).finally(() => clearInterval(timer))) === 'still';
  if (isStill) throw new Error(`nothing moves for ${ms / 1_000} s: ${await known()}`);
}

/** Of each list only the newest are shown. */
const LAST = 8;

const asText = (value: unknown): string => JSON.stringify(value);

/** Runs a query that must not hide the rest of a report. */
async function rows({ fleet }: Site, query: string): Promise<readonly string[]> {
  try {
    return (await fleet.sql<object>(query)).map(asText);
  } catch (error) {
    return [`cannot be asked: ${String(error)}`];
  }
}

/** What the key and its reader hold of a job. */
async function heldByKeys(site: Site, jobId: string): Promise<readonly string[]> {
  const list = `select service_key, key, value_utf8 as value from state
    where service_name = 'GoalKey' and key = 'w/${jobId}'`;
  const mentions = `select service_key, key, substr(value_utf8, 1, 600) as value from state
    where service_name = 'GoalKey' and key in ('desk', 'inbox') and value_utf8 like '%${jobId}%'`;
  return [...(await rows(site, list)), ...(await rows(site, mentions))];
}

async function viewed({ job }: Trial): Promise<string> {
  try {
    return asText(await job.refresh());
  } catch (error) {
    return String(error);
  }
}

async function eventsOf({ fleet }: Site, { job }: Trial): Promise<readonly string[]> {
  try {
    const { entries } = await fleet.client.history(job.id);
    return entries.slice(-LAST).map(asText);
  } catch (error) {
    return [String(error)];
  }
}

/** Everything that is known of a job that does not end. */
async function reportOf(site: Site, trial: Trial): Promise<string> {
  const { id } = trial.job;
  const { log } = site.fleet.emulator;
  const creates = createsOf(log, trial);
  const requests = log
    .filter(({ jobSpecId }) => jobSpecId !== undefined && creates.includes(jobSpecId))
    .map(({ at, endpoint, status, error, effect, faults }) =>
      asText({ at: new Date(at).toISOString(), endpoint, status, error, effect, faults }),
    );
  const handlers = await rows(
    site,
    `select id, target, status, retry_count, last_failure, scheduled_start_at, modified_at from sys_invocation
     where status <> 'completed' and target_service_key = '${id}'`,
  );
  const stored = await rows(
    site,
    `select key, value_utf8 as value from state where service_name = 'GoalJob' and service_key = '${id}'`,
  );
  return [
    `${id} (${trial.doing}, let go: ${trial.isLetGo}, creates: ${creates.length})`,
    `  view: ${await viewed(trial)}`,
    ...(await eventsOf(site, trial)).map((event) => `  event: ${event}`),
    ...handlers.map((row) => `  handler: ${row}`),
    ...(await heldByKeys(site, id)).map((row) => `  key holds: ${row}`),
    ...stored.map((row) => `  stored: ${row.slice(0, 4_000)}`),
    ...requests.slice(-LAST).map((request) => `  request: ${request}`),
  ].join('\n');
}

/** What is known of jobs that do not end, or end otherwise than they must, and of the readers of their keys. */
export async function whatHangs(site: Site, trials: readonly Trial[]): Promise<string> {
  const readers = await rows(
    site,
    `select id, target, status, retry_count, last_failure, modified_at from sys_invocation
     where status <> 'completed' and target_service_name in ('GoalReader', 'GoalKey', 'GoalCalls')`,
  );
  const last = await rows(
    site,
    `select service_name, service_key, key, substr(value_utf8, 1, 1000) as value from state
     where service_name = 'GoalReader' or (service_name = 'GoalKey' and key in ('desk', 'inbox'))`,
  );
  const jobs: string[] = [];
  for (const trial of trials) jobs.push(await reportOf(site, trial));
  return [
    `${trials.length} jobs at ${new Date().toISOString()}`,
    ...readers.map((row) => `reading: ${row}`),
    ...last.map((row) => `state: ${row}`),
    ...jobs,
  ].join('\n');
}
