import { chartData } from '../../chart/chart-data.js';
import { type ChartMarks, marksOf } from '../../chart/live-chart.js';
import { type MountedChart, mountChart } from '../../chart/mount-chart.js';
import { element } from './elements.js';
import { type KnownJob, stepsUntil } from './job-log.js';
import { type JobStep, pathOf } from './job-steps.js';

export interface JobCard {
  readonly section: HTMLElement;
  /** Shows the job as of a step. */
  readonly show: (job: KnownJob, seq: number) => void;
}

/** Maximum number of list rows in the page. */
const MAX_ROWS = 500;

const timeOf = (createdAt: string): string => {
  const at = new Date(Number(createdAt));
  return Number.isNaN(at.getTime()) ? '' : at.toLocaleTimeString([], { hour12: false });
};

function contentOf({ message, ways }: JobStep): HTMLElement {
  const { event, snapshot } = message;
  return element('pre', {}, JSON.stringify({ event, ways, context: snapshot.context }, null, 2));
}

/** The row of one message; its content is rendered when it is opened. */
function rowOf(step: JobStep): HTMLElement {
  const way = step.ways.at(-1);
  const led = way?.from !== undefined && way.from !== way.to ? ` → ${way.to}` : '';
  const details = element(
    'details',
    {},
    element(
      'summary',
      {},
      element('time', {}, timeOf(step.message.createdAt)),
      ` ${step.title}`,
      element('span', { class: 'led' }, led),
    ),
  );
  details.addEventListener(
    'toggle',
    () => {
      details.append(contentOf(step));
    },
    { once: true },
  );
  return element('li', { 'data-seq': String(step.seq) }, details);
}

/** Adds new rows and removes those that are too old or after the shown step. */
function updateRows(list: HTMLElement, shown: readonly JobStep[]): void {
  const wanted = shown.slice(-MAX_ROWS);
  const first = wanted[0]?.seq ?? Number.POSITIVE_INFINITY;
  const last = wanted.at(-1)?.seq ?? -1;
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  for (const row of [...list.children]) {
    const seq = row instanceof HTMLElement ? Number(row.dataset.seq) : -1;
    if (seq < first || seq > last) row.remove();
  }
  const newest = list.lastElementChild;
  const known = newest instanceof HTMLElement ? Number(newest.dataset.seq) : -1;
  list.append(...wanted.filter(({ seq }) => seq > known).map(rowOf));
  // Keeps the scroll position of a reader who has scrolled up.
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}

const isOurs = ({ chart }: KnownJob): boolean => chart.definition.includes(`"id":"${chartData.title}"`);

/** The card of a job: its state, its path on the chart, and its messages. */
export function createJobCard(job: KnownJob): JobCard {
  const state = element('p', { class: 'where' });
  const frame = element('div', { class: 'frame', tabindex: '0', role: 'group', 'aria-label': 'The chart' });
  const list = element('ol', { 'aria-label': 'Messages', tabindex: '0' });
  const section = element('section', {}, element('h2', {}, job.chart.name), state);
  let chart: MountedChart | undefined;
  if (isOurs(job)) {
    chart = mountChart(frame, chartData);
    section.append(frame);
  }
  section.append(list);
  let revealed = '';
  let marks: ChartMarks | undefined;
  // A card becomes narrower when another job is added.
  new ResizeObserver(() => marks && chart?.reveal(marks)).observe(frame);
  return {
    section,
    show(known, seq) {
      const { shown, walk } = stepsUntil(known, seq);
      const snapshot = shown.at(-1)?.message.snapshot ?? (walk.length > 0 ? known.chart.snapshot : undefined);
      const path = walk.at(-1)?.to ?? pathOf(snapshot?.value);
      state.replaceChildren(
        element('span', { class: 'state' }, path || 'not started yet'),
        ...(snapshot?.tags ?? []).map((tag) => element('span', { class: 'badge' }, tag)),
      );
      marks = marksOf(chartData, walk);
      chart?.show(marks, path === '' ? 'Not started yet' : `The job is in ${path}`);
      if (path !== revealed) chart?.reveal(marks);
      revealed = path;
      updateRows(list, shown);
    },
  };
}
