import type { InspectionMessage } from '../inspection-message.js';
import { createJobCard, type JobCard } from './job-card.js';
import { createJobLog } from './job-log.js';
import { createStately } from './stately.js';

const byId = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
};
const input = (id: string): HTMLInputElement => {
  const found = byId(id);
  if (!(found instanceof HTMLInputElement)) throw new Error(`${id} is no input`);
  return found;
};

const log = createJobLog();
const cards = new Map<string, JobCard>();
const note = byId('note');
const slider = input('step');
const pause = byId('pause');
const statelyUrl = document.documentElement.dataset.stately ?? '';
const stately = createStately(statelyUrl, () => {
  note.textContent = `Shown in ${statelyUrl}`;
});

/** The shown step while the page is paused; undefined while it follows the jobs. */
let pausedAt: number | undefined;
let isDue = false;

function draw(): void {
  isDue = false;
  const [first, last] = log.range();
  const at = Math.min(Math.max(pausedAt ?? last, first), last);
  slider.min = String(first);
  slider.max = String(last);
  slider.value = String(at);
  slider.disabled = last === 0;
  byId('where').textContent =
    pausedAt === undefined ? `Live: ${last} messages` : `Paused at message ${at} of ${last}`;
  pause.textContent = pausedAt === undefined ? 'Pause' : 'Continue live';
  pause.setAttribute('aria-pressed', String(pausedAt !== undefined));
  for (const [id, job] of log.jobs) {
    let card = cards.get(id);
    if (card === undefined) {
      byId('none').hidden = true;
      card = createJobCard(job);
      cards.set(id, card);
      byId('jobs').append(card.section);
    }
    card.show(job, at);
  }
}

/** Many messages arrive per frame; they are drawn once. */
function drawSoon(): void {
  if (isDue) return;
  isDue = true;
  // Animation frames stop in a hidden tab; timers do not.
  if (document.hidden) setTimeout(draw, 50);
  else requestAnimationFrame(draw);
}

function hold(step: number | undefined): void {
  pausedAt = step;
  draw();
}

const stepBy = (by: number): void => {
  const [first, last] = log.range();
  hold(Math.min(Math.max((pausedAt ?? last) + by, first), last));
};

pause.addEventListener('click', () => hold(pausedAt === undefined ? log.range()[1] : undefined));
byId('back').addEventListener('click', () => stepBy(-1));
byId('forth').addEventListener('click', () => stepBy(1));
slider.addEventListener('input', () => hold(Number(slider.value)));
byId('stately').addEventListener('click', stately.open);
byId('theme').addEventListener('click', () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = isDark ? 'light' : 'dark';
});

const socket = new WebSocket(location.href.replace(/^http/, 'ws'));
socket.addEventListener('message', ({ data }) => {
  // Boundary: the process sends only its own messages.
  const message = JSON.parse(String(data)) as InspectionMessage;
  stately.add(message);
  log.add(message);
  drawSoon();
});
socket.addEventListener('close', () => {
  note.textContent = 'The process that ran the jobs has ended.';
});
