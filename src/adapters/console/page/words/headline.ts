import type { JobView } from '../../../../engine/job/source/job-view.js';
import { driverInWords, type JobRow } from '../../wire/row.js';
import { failureInWords } from './failure-words.js';
import { clockTime, size, timeInWords } from './times.js';

export type Tone = 'work' | 'needs' | 'wait' | 'good' | 'bad' | 'calm';

export interface Headline {
  readonly tone: Tone;
  readonly text: string;
  /** Epoch ms, for a countdown beside the sentence. */
  readonly until?: number;
}

export const isOver = ({ state }: JobView): boolean =>
  state === 'completed' || state === 'failed' || state === 'detached';

const WORK: Readonly<Record<string, string>> = {
  'preparing.starting': 'Getting ready.',
  'preparing.inspecting': 'Looking at your files.',
  'preparing.validating': 'Checking your files against the workflow.',
  'preparing.takingTicket': 'Creating the job at Convilyn.',
  'preparing.creating': 'Creating the job at Convilyn.',
  'preparing.attaching': 'Looking the job up at Convilyn.',
  'pending.filling': 'Sending your answers.',
  'slot_needed.filling': 'Sending your answers.',
  'confirming.sending': 'Sending the request to start.',
  'downloading.locating': 'Asking for the result.',
};

const inPercent = (part: number, whole: number): string =>
  `${whole === 0 ? 100 : Math.floor((100 * part) / whole)} %`;

/** `generating_output` as `Generating output`. */
export const stepInWords = (step: string): string => {
  const words = step.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function uploading({ files }: JobView): Headline {
  const sent = files.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  const all = files.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  return { tone: 'work', text: `Sending your files to Convilyn: ${inPercent(sent, all)}.` };
}

function saving({ result }: JobView): Headline {
  const { receivedBytes, bytes } = result ?? {};
  const part =
    receivedBytes !== undefined && bytes !== undefined ? `: ${inPercent(receivedBytes, bytes)}` : '';
  return { tone: 'work', text: `Downloading the result${part}.` };
}

function ended(view: JobView, now: number): Headline {
  const { state, result, retention, failure, detachReason } = view;
  if (state === 'completed') {
    const what =
      result?.name === undefined
        ? ''
        : ` ${result.name}${result.bytes === undefined ? '' : `, ${size(result.bytes)}`}.`;
    const kept = retention.resultExpiresAt;
    const until =
      kept === undefined || kept < now ? '' : ` Kept at Convilyn until ${timeInWords(kept, now)}.`;
    return { tone: 'good', text: `Done.${what}${until}` };
  }
  if (state === 'failed')
    return {
      tone: 'bad',
      text: `It failed: ${failure === undefined ? 'Convilyn gave no reason.' : failureInWords(failure)}`,
    };
  if (detachReason === 'outcome-unknown')
    return { tone: 'calm', text: 'Left open: Convilyn may have started it or not.' };
  const why = failure === undefined || detachReason === 'requested' ? '' : ` ${failureInWords(failure)}`;
  return {
    tone: 'calm',
    text:
      view.jobSpecId === undefined
        ? `Stopped before it was created.${why}`
        : `No longer watched; the job itself continues at Convilyn.${why}`,
  };
}

function waiting(view: JobView): Headline | undefined {
  const { wait, queue } = view;
  if (wait === undefined) return undefined;
  const until = wait.until === undefined ? {} : { until: wait.until };
  const at = wait.until === undefined ? '' : ` at ${clockTime(wait.until)}`;
  switch (wait.for) {
    case 'place':
      return {
        tone: 'wait',
        text:
          queue === undefined
            ? 'In line. It starts when one of the running jobs ends.'
            : `In line: ${ordinal(queue.place)} of ${queue.of}. It starts when one of the running jobs ends.`,
      };
    case 'limit':
      return { tone: 'wait', text: `Convilyn asks us to slow down. Continues${at}.`, ...until };
    case 'try':
      return {
        tone: 'wait',
        text: `Convilyn did not answer as expected. Trying again${at}${wait.attempt === undefined ? '' : ` (${ordinal(wait.attempt)} try)`}.`,
        ...until,
      };
    case 're-read':
      return { tone: 'wait', text: 'Somebody else may have changed this job; reading its newest version.' };
    case 'slots':
    case 'confirm':
    case 'decision':
      return { tone: 'wait', text: 'Waits for an answer.' };
    default:
      return undefined;
  }
}

function ordinal(number: number): string {
  const rest = number % 100;
  const suffix = rest > 10 && rest < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${suffix}`;
}

/** What a job does or waits for, in one sentence. */
export function headlineOf(view: JobView, now: number): Headline {
  if (isOver(view)) return ended(view, now);
  const since = view.wait?.since === undefined ? '' : ` since ${timeInWords(view.wait.since, now)}`;
  if (view.needs === 'slots')
    return { tone: 'needs', text: `Waiting for you${since}. Nothing happens until you answer.` };
  if (view.needs === 'confirm')
    return { tone: 'needs', text: `Ready to start. Waiting for your confirmation${since}.` };
  if (view.needs === 'decision')
    return {
      tone: 'needs',
      text: 'It is not known whether the job was started. You decide what happens next.',
    };
  const wait = waiting(view);
  if (wait !== undefined) return wait;
  if (view.path === 'preparing.uploading') return uploading(view);
  if (view.path === 'downloading.saving') return saving(view);
  const known = WORK[view.path];
  if (known !== undefined) return { tone: 'work', text: known };
  const step = view.currentStep === undefined ? 'Convilyn is at work' : stepInWords(view.currentStep);
  return {
    tone: 'work',
    text: `${step}${view.progress === undefined ? '.' : `: ${Math.round(view.progress)} %.`}`,
  };
}

/** The same for a job that this process can only show. */
export function headlineOfRow({ view, isStored, driver }: JobRow, now: number): Headline {
  const headline = headlineOf(view, now);
  if (!isStored || isOver(view)) return headline;
  if (driver === undefined)
    return { tone: 'calm', text: 'No program drives this job now. It may continue at Convilyn.' };
  return { ...headline, text: `${driverInWords(driver)} drives this job. ${headline.text}` };
}

/** The same in a few words, for a row of the list. */
export function shortOf(row: JobRow, now: number): string {
  const { view } = row;
  if (view.needs === 'slots') {
    const { slots, missing, fieldErrors } = view.request;
    const refused = fieldErrors.map(({ field }) => field);
    const wanted = refused.length > 0 ? refused : missing;
    const names = slots
      .filter(({ slotId }) => wanted.includes(slotId))
      .map(({ label, slotId }) => label ?? stepInWords(slotId));
    const asks = refused.length > 0 ? 'Not accepted' : 'Asks';
    return `${asks}: ${names.slice(0, 2).join(', ') || 'something'}`;
  }
  if (view.needs === 'confirm') return 'Ready to start';
  if (view.needs === 'decision') return 'May or may not exist';
  if (view.state === 'completed')
    return `Done${view.result?.bytes === undefined ? '' : `, ${size(view.result.bytes)}`}`;
  return headlineOfRow(row, now).text;
}
