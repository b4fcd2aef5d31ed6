import type { LaneBudget } from '../../../../engine/lane/goal-lane.js';
import { foldText, formatClock, formatDuration, formatWhen } from '../../say/format.js';
import { safeLine } from '../../say/terminal-safe.js';
import { startWithin, widthOf } from '../../say/text-width.js';
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
/** Below this height, only the totals are shown. */
const LEAST_ROWS = 8;
const ID_WIDTH = 28;
const SMALL_BAR = 10;

const bar = (share: number, width: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
};

/** Cuts to a number of columns, because a wrapped line cannot be erased. */
export const cutTo = (text: string, columns: number): string =>
  widthOf(text) <= columns ? text : `${startWithin(text, Math.max(1, columns - 1))}…`;

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
  const share = (view.progress ?? 0) / 100;
  const percent =
    view.progress === undefined ? '     ' : `${String(Math.floor(view.progress)).padStart(3)} %`;
  const age = job.ageMs > 0 ? `  ${formatDuration(job.ageMs)}` : '';
  const id = padTo(cutTo(safeLine(job.id), ID_WIDTH), ID_WIDTH);
  return cutTo(`${id} ${bar(share, SMALL_BAR)} ${percent}  ${statusOf(job, now)}${age}`, columns);
}

/** Jobs that wait for a person come first: one may be all that holds up the batch. */
const ORDER: Readonly<Record<Phase, number>> = { person: 0, running: 1, reset: 2, place: 3 };

/** Jobs that are not on the server yet are queued, and only counted. */
const isShown = ({ phase, view }: LiveJob): boolean =>
  phase === 'person' || phase === 'running' || (phase === 'reset' && view.jobSpecId !== undefined);

function jobLines({ jobs, now, columns }: ViewFacts, room: number): string[] {
  const shown = jobs.filter(isShown).sort((a, b) => ORDER[a.phase] - ORDER[b.phase]);
  if (shown.length <= room) return shown.map((job) => jobLine(job, now, columns));
  const first = shown.slice(0, Math.max(0, room - 1));
  return [
    ...first.map((job) => jobLine(job, now, columns)),
    cutTo(`… and ${shown.length - first.length} more`, columns),
  ];
}

export const endedOf = ({ saved, failed, left }: Counts): number => saved + failed + left;

function barLine({ counts }: ViewFacts): string {
  const ended = endedOf(counts);
  const { total } = counts;
  if (total === undefined) return `${ended} done, more may come`;
  const share = total === 0 ? 1 : ended / total;
  return `${bar(share, BAR_WIDTH)} ${ended} of ${total} (${Math.floor(share * 100)} %)`;
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

/** The screen of a batch, limited to the terminal's height: a line per running job, then the totals. Pure. */
export function batchView(facts: ViewFacts): readonly string[] {
  const { columns, rows } = facts;
  const whole = [barLine(facts), countsLine(facts), budgetLine(facts), restLine(facts)];
  const isLow = rows < LEAST_ROWS;
  const below = whole.flatMap((line) => (isLow ? [line] : foldText(line, columns).split('\n')));
  const cut = below.map((line) => cutTo(line, columns));
  // One line stays free, so that nothing scrolls.
  if (isLow) return cut.slice(0, Math.max(1, rows - 1));
  return [...jobLines(facts, Math.max(1, rows - 1 - cut.length)), ...cut].slice(-(rows - 1));
}
