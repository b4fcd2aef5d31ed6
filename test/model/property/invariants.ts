import { bodyChunks } from '../../../src/adapters/emulator/in-process/result-bytes.js';
import { describeEntry, type LogEntry } from '../../../src/adapters/emulator/index.js';
import type { Run } from './run-scenario.js';

/** Says what is wrong with a run; nothing where all is well. */
export type Invariant = (run: Run) => readonly string[];

/** Step 6: "Poll every 2 seconds. Do not poll more frequently." Not the machine's own number, which may be wrong. */
const POLL_INTERVAL_MS = 2_000;
const API_ORIGIN = 'https://api.convilyn.com';

const ours = ({ model, second }: Run): readonly LogEntry[] =>
  model.log.filter(({ index }) => !second.theirs.has(index));

const reported = (entries: readonly LogEntry[]): readonly string[] => entries.map(describeEntry);

/** Law 1. A job more is allowed for each time that a person said RETRY, and under the policy to create again. */
const neverTwice: Invariant = (run) => {
  const created = ours(run).filter(({ effect }) => effect?.type === 'created');
  const said = run.person.said.filter((word) => word === 'RETRY').length;
  const byPolicy = run.scenario.options.onUnknownOutcome === 'retry' ? run.retries : 0;
  return created.length > 1 + said + byPolicy ? reported(created) : [];
};

/** Law 2: what is accepted carries the version of the moment, and no request carries one lower than was heard. */
const neverStale: Invariant = (run) => {
  const highest = new Map<string, number>();
  const accepted = ours(run).filter(({ effect, jobSpecId = '', body }) => {
    if (effect?.type !== 'patched' && effect?.type !== 'confirmed') return false;
    const before = highest.get(jobSpecId) ?? 0;
    highest.set(jobSpecId, Math.max(before, effect.type === 'patched' ? effect.to : effect.itemVersion));
    return (body.itemVersion ?? 0) < before;
  });
  const lower = run.wire.sent.filter(
    ({ itemVersion, knownVersion }) =>
      itemVersion !== undefined && knownVersion !== undefined && itemVersion < knownVersion,
  );
  return [
    ...reported(accepted),
    ...lower.map(
      ({ path, itemVersion, knownVersion }) => `${path} sent ${itemVersion}, knew ${knownVersion}`,
    ),
  ];
};

/** Law 3 for the status of a job: from the reply to one read (or its loss) to the arrival of the next. */
const neverEarly: Invariant = (run) => {
  const tooSoon = reported(ours(run).filter((entry) => entry.tooSoon));
  const reads = run.wire.sent.filter(({ path }) => path.endsWith('/status'));
  const hasty = reads.flatMap(({ sentAt, path }, index) => {
    const before = reads.slice(0, index).findLast((read) => read.path === path);
    const gap = sentAt - (before?.endedAt ?? Number.NEGATIVE_INFINITY);
    return gap < POLL_INTERVAL_MS ? [`${path} read ${gap} ms after the last`] : [];
  });
  return [...tooSoon, ...hasty];
};

/** Law 3 for limits: nothing is sent under one that the client has received. */
const neverUnderLimit: Invariant = (run) => reported(ours(run).filter((entry) => entry.rate?.knownShut));

/** Law 5. */
const neverLeaked: Invariant = (run) => [
  ...run.wire.sent
    .filter(({ origin, carriesKey }) => carriesKey && origin !== API_ORIGIN)
    .map(({ method, url }) => `${method} ${url} carried the key`),
  ...reported(
    run.model.log.filter(({ endpoint, hadAuthorization }) => endpoint === 'storage' && hadAuthorization),
  ),
];

const oneAtATime: Invariant = (run) =>
  run.wire.sent
    .filter(({ others }) => others > 0)
    .map(({ method, path, others }) => `${method} ${path} left while ${others} others were under way`);

/** Law 6: completed, failed, detached, or a state that names what it waits for. */
const namedEnd: Invariant = ({ output, standing, person }) => {
  if (output === undefined) {
    const isNamed = standing.tags.includes('user-input') && standing.asked !== undefined;
    return isNamed ? [] : [`stands still in ${standing.path}`];
  }
  if (output.status === 'failed' && output.failure.kind === 'internal') return [output.failure.message];
  const isUnasked =
    output.status === 'detached' && output.reason === 'requested' && !person.said.includes('DETACH');
  return isUnasked ? ['detached without being asked to'] : [];
};

/**
 * Law 7: `failed` says that the API said so, or that no job came to be, by whichever of the creates: a person who says RETRY, or the
 * policy to create again, takes upon himself that there may be two, not that the first is forgotten.
 */
const neverDisowned: Invariant = (run) => {
  const { output } = run;
  if (output?.status !== 'failed' || ['job-failed', 'outcome-unknown'].includes(output.failure.kind))
    return [];
  const created = ours(run).filter(({ effect }) => effect?.type === 'created');
  if (output.jobSpecId === undefined && created.length === 0) return [];
  return [`given up as ${output.failure.kind}: ${output.failure.message}`, ...reported(created)];
};

/** The result as storage has it now: the last request to it decided what that is. */
export function deliverable({ model, clock }: Run, jobSpecId: string): Buffer | undefined {
  // Late enough for any limit that a fault may have shut.
  const at = clock.now() + 2 * 3_600_000;
  const headers = { authorization: `Bearer ${model.apiKey}` };
  const located = model.handle(
    { method: 'GET', path: `/api/v1/jobs/goal/${jobSpecId}/download`, headers },
    at,
  );
  const { url }: { url?: string } = JSON.parse(located.text);
  if (url === undefined) return undefined;
  const { pathname, search } = new URL(url);
  const reply = model.handleStorage({ method: 'GET', path: `${pathname}${search}`, headers: {} }, at);
  return reply.status === 200 ? Buffer.concat([...bodyChunks(reply)]) : undefined;
}

const CHANGES_THE_RESULT: ReadonlySet<string> = new Set(['retention-ended', 'changed-result', 'job-lost']);

/** What storage has served stays right when the result changes or ends while it is under way to us, or after. */
function isChangedSince({ model }: Run): boolean {
  const served = model.log.findLastIndex(({ endpoint, status }) => endpoint === 'storage' && status === 200);
  return model.log
    .slice(served + 1)
    .some(({ faults }) => faults.some((kind) => CHANGES_THE_RESULT.has(kind)));
}

/** What changes a text that stands in a result's place once more, so that it is neither an error nor a page by which it could be recognised. */
const CHANGES_A_TEXT: readonly string[] = ['changed-body', 'garbled-body'];

/** Other bytes in place of a file of no known shape, under a length that agrees with them: no client can notice it. */
function isOtherWithoutShape({ model, scenario }: Run): boolean {
  if (scenario.workflow.execution.result?.kind !== 'random') return false;
  const isHalved = scenario.faults.some(({ fault }) =>
    [fault].flat().some((one) => one.kind === 'wrong-result' && one.body === 'half'),
  );
  const served = model.log.findLast(({ endpoint, status = 500 }) => endpoint === 'storage' && status < 300);
  const fired: readonly string[] = served?.faults ?? [];
  return fired.includes('wrong-result') && (isHalved || fired.some((kind) => CHANGES_A_TEXT.includes(kind)));
}

/** Law 8. What is saved as not verified is said to be so, and nothing is promised of it. */
const rightBytes: Invariant = (run) => {
  const { output } = run;
  if (output?.status !== 'completed' || output.saved === undefined || isChangedSince(run)) return [];
  if (output.saved.verified === false || isOtherWithoutShape(run)) return [];
  const saved = run.results.get(output.saved.file);
  const due = deliverable(run, output.jobSpecId);
  if (due === undefined) return ['completed, and there is nothing to download'];
  return saved?.equals(due) ? [] : [`saved ${saved?.length} bytes, and ${due.length} others were due`];
};

const nothingLeft: Invariant = ({ left }) => [
  ...(left.timers === 0 ? [] : [`${left.timers} timers`]),
  ...(left.requests === 0 ? [] : [`${left.requests} requests`]),
  ...(left.isIdle ? [] : ['promises of the job']),
];

const whileItRan: Invariant = ({ seen }) => seen;

/** `rightBytes` asks the model once more, so it stands last: its own requests are not checked. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  'at most one job per intent to create': neverTwice,
  'no stale item version is sent': neverStale,
  'no status read within 2 s of the last': neverEarly,
  'nothing is sent under a limit that the client has received': neverUnderLimit,
  "the key stays with the API's origin": neverLeaked,
  'one call at a time': oneAtATime,
  'every run ends, or waits for a person by name': namedEnd,
  'a job that may live is never given up': neverDisowned,
  'item versions go up, answers go to their question, time is bounded': whileItRan,
  'nothing is left behind': nothingLeft,
  'completed means the right bytes': rightBytes,
};

/** Every invariant that a run breaks, with what broke it. */
export const breachesOf = (run: Run): readonly string[] =>
  Object.entries(INVARIANTS).flatMap(([name, invariant]) => {
    const found = invariant(run);
    return found.length === 0 ? [] : [`${name}: ${found.slice(0, 3).join('; ')}`];
  });
