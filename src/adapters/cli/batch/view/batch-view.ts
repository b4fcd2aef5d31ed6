import type { LaneBudget } from '../../../../engine/lane/goal-lane.js';
import { drawnBar } from '../../say/bar-line.js';
import { foldText, formatClock, formatDuration, formatWhen } from '../../say/format.js';
import { safeLine } from '../../say/terminal-safe.js';
import { cutTo, widthOf } from '../../say/text-width.js';
import type { BatchSnapshot, Counts, LiveJob, Phase } from '../progress/batch-progress.js';
import { type TimeLeft, timeLeft } from '../progress/time-left.js';

export interface ViewFacts extends BatchSnapshot {
  readonly budget: LaneBudget;
  /** Epoch ms. */
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
}

const BAR_WIDTH = 30;
const ID_WIDTH = 28;
const SMALL_BAR = 10;
/** Below this width, the bars of the jobs make way for their words. */
const LEAST_FOR_BARS = 60;
/** Below this width, so do numbers that are not known. */
const LEAST_FOR_GAPS = 36;
/** Jobs that are shown before the totals take more rows. */
const LEAST_JOBS = 3;

const padTo = (text: string, columns: number): string =>
  `${text}${' '.repeat(Math.max(0, columns - widthOf(text)))}`;

const WORDS: Readonly<Record<string, string>> = {
  preparing: 'preparing',
  pending: 'pending',
  confirming: 'starting',
  executing: 'executing',
  slot_needed: 'at a checkpoint',
  downloading: 'downloading the result',
};

function statusOf({ view, phase }: LiveJob, now: number): string {
  const until = view.waitingUntil === undefined ? '' : ` until ${formatClock(view.waitingUntil, now)}`;
  if (phase === 'person') return 'waits for you';
  if (phase === 'reset') return `waits for a reset${until}`;
  if (view.tags.includes('backing-off')) return `trying again${until}`;
  if (view.path.startsWith('preparing.')) return view.path.endsWith('uploading') ? 'uploading' : 'preparing';
  const word = WORDS[view.state] ?? safeLine(view.state);
  const step = view.currentStep === undefined ? '' : `  ${safeLine(view.currentStep).replaceAll('_', ' ')}`;
  return `${word}${step}`;
}

function jobLine(job: LiveJob, now: number, columns: number): string {
  const { view } = job;
  const { progress } = view;
  const idWidth = Math.min(ID_WIDTH, Math.max(6, Math.floor(columns * 0.35)));
  const gap = columns < LEAST_FOR_GAPS ? '' : '     ';
  const percent = progress === undefined ? gap : `${String(Math.floor(progress)).padStart(3)} %`;
  const age = job.ageMs > 0 ? `  ${formatDuration(job.ageMs)}` : '';
  const id = padTo(cutTo(safeLine(job.id), idWidth), idWidth);
  const bar = columns < LEAST_FOR_BARS ? '' : ` ${drawnBar((progress ?? 0) / 100, SMALL_BAR)}`;
  const share = percent === '' ? '' : ` ${percent}`;
  return cutTo(`${id}${bar}${share}  ${statusOf(job, now)}${age}`, columns);
}

/** Jobs that wait for a person come first: one may be all that holds up the batch. */
const ORDER: Readonly<Record<Phase, number>> = { person: 0, running: 1, reset: 2, place: 3 };

/** Jobs that are not on the server yet are queued, and only counted. */
const isShown = ({ phase, view }: LiveJob): boolean =>
  phase === 'person' || phase === 'running' || (phase === 'reset' && view.jobSpecId !== undefined);

function jobLines(shown: readonly LiveJob[], { now, columns }: ViewFacts, room: number): string[] {
  // One row is better spent on a job than on the number of the others, which is in the totals.
  if (shown.length <= room || room === 1)
    return shown.slice(0, room).map((job) => jobLine(job, now, columns));
  const first = shown.slice(0, Math.max(0, room - 1));
  return [
    ...first.map((job) => jobLine(job, now, columns)),
    cutTo(`… and ${shown.length - first.length} more`, columns),
  ];
}

export const endedOf = ({ saved, failed, left }: Counts): number => saved + failed + left;

function barLine({ counts, columns }: ViewFacts): string {
  const ended = endedOf(counts);
  const { total } = counts;
  if (total === undefined) return `${ended} done, more may come`;
  const share = total === 0 ? 1 : ended / total;
  const words = `${ended} of ${total} (${Math.floor(share * 100)} %)`;
  const width = Math.min(BAR_WIDTH, columns - widthOf(words) - 1);
  return width < 1 ? words : `${drawnBar(share, width)} ${words}`;
}

function countsLine({ counts }: ViewFacts): string {
  const { saved, failed, left, toStart, phases } = counts;
  const parts: [number, string][] = [
    [saved, 'done'],
    [phases.running, 'running'],
    [phases.place + toStart, 'waiting for a place'],
    [phases.person, 'for you'],
    [phases.reset, 'for a reset'],
    [failed, 'failed'],
    [left, 'left'],
  ];
  return parts
    .filter(([count, word]) => count > 0 || word === 'done' || word === 'running')
    .map(([count, word]) => `${count} ${word}`)
    .join(' · ');
}

/** What the key's limits allow, and until when. */
export function budgetLine({ budget, now }: Pick<ViewFacts, 'budget' | 'now'>): string {
  const { endpoints, statusReads, places } = budget;
  const { create } = endpoints;
  const parts = [`${places.taken} of ${places.limit} places taken`];
  if (create?.remaining !== undefined) {
    const of = create.limit === undefined ? '' : ` of ${create.limit}`;
    const until = create.resetAt === undefined ? '' : ` until ${formatWhen(create.resetAt, now)}`;
    parts.push(`${create.remaining}${of} creations left${until}`);
  }
  if (create?.shutUntil !== undefined && create.shutUntil > now)
    parts.push(`nothing is created before ${formatWhen(create.shutUntil, now)}`);
  if (statusReads.blockedUntil !== undefined && statusReads.blockedUntil > now)
    parts.push(`no status is read before ${formatClock(statusReads.blockedUntil, now)}`);
  else if (statusReads.remaining !== undefined) {
    const until = statusReads.resetAt === undefined ? '' : ` until ${formatClock(statusReads.resetAt, now)}`;
    parts.push(`${statusReads.remaining} of ${statusReads.limit} status reads left${until}`);
  }
  return `Key: ${parts.join(' · ')}`;
}

/** Seconds do not matter if it takes hours. */
function roughly(ms: number): string {
  const step = ms > 3_600_000 ? 300_000 : ms > 120_000 ? 60_000 : ms > 20_000 ? 5_000 : 1_000;
  return formatDuration(Math.round(ms / step) * step);
}

export function timeLeftLine(left: TimeLeft, now: number, awaited: number): string {
  const besides =
    awaited === 0
      ? ''
      : `; ${awaited === 1 ? 'one that waits for you is' : `${awaited} that wait for you are`} not counted`;
  if (left.type === 'unknown')
    return `Time left: not known before ${left.needed} jobs have ended (${left.ended} so far)${besides}`;
  if (left.type === 'not-before')
    return `Time left: not before ${formatWhen(now + left.ms, now)}: until then, ${left.later} more are to be created than the key may${besides}`;
  const [low, high] = [roughly(left.lowMs), roughly(left.highMs)];
  const range = low === high ? '' : `, in 8 of 10 cases ${low} to ${high}`;
  return `Time left: about ${roughly(left.ms)}${range}${besides}`;
}

function restLine({ rest, counts, budget, now }: ViewFacts): string {
  const { create } = budget.endpoints;
  const creations =
    create?.remaining === undefined || create.resetAt === undefined
      ? undefined
      : { left: create.remaining, resetInMs: create.resetAt - now };
  const left = timeLeft({ ...rest, places: budget.places.limit, creations });
  return timeLeftLine(left, now, counts.phases.person);
}

/** The totals: as much of them as leaves room for some jobs. */
function totalsOf(facts: ViewFacts, jobs: number, room: number): readonly string[] {
  const { columns } = facts;
  const [bar, counts, key, rest] = [barLine(facts), countsLine(facts), budgetLine(facts), restLine(facts)];
  const whole = [bar, counts, key, rest];
  const ways = [
    whole.flatMap((line) => foldText(line, columns).split('\n')),
    whole,
    [bar, counts, rest],
    [bar, counts],
    [bar],
  ];
  const wanted = Math.min(jobs, LEAST_JOBS, Math.floor(room / 2));
  const fitting =
    ways.find((lines) => lines.length + wanted <= room) ?? (room < 2 ? [bar] : [bar, counts].slice(0, room));
  return fitting.map((line) => cutTo(line, columns));
}

/** The screen of a batch, limited to the terminal's size: a line per running job, then the totals. Pure. */
export function batchView(facts: ViewFacts): readonly string[] {
  // One line stays free, so that nothing scrolls.
  const room = Math.max(1, facts.rows - 1);
  const shown = facts.jobs.filter(isShown).sort((a, b) => ORDER[a.phase] - ORDER[b.phase]);
  const totals = totalsOf(facts, shown.length, room);
  const left = room - totals.length;
  return left > 0 ? [...jobLines(shown, facts, left), ...totals] : totals;
}
