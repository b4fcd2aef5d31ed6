import type { HistoryEntry } from '../../../../engine/job/source/lane-source.js';
import { stepInWords } from './headline.js';
import { clockTime, size } from './times.js';

const text = (value: unknown): string => (value === undefined ? '' : String(value));

/** States of the chart in words; others are shown by their names. */
const PLACES: Readonly<Record<string, string>> = {
  'preparing.starting': 'Getting ready',
  'preparing.inspecting': 'Looking at the files',
  'preparing.validating': 'Checking the files against the workflow',
  'preparing.queued': 'In line for a place',
  'preparing.uploading': 'Sending the files',
  'preparing.takingTicket': 'About to create the job',
  'preparing.creating': 'Creating the job',
  'preparing.outcomeUnknown': 'It is not known whether the job was created',
  'preparing.attaching': 'Looking the job up',
  'pending.awaitingSlots': 'Waiting for your answer',
  'pending.awaitingConfirm': 'Waiting for your confirmation',
  'slot_needed.awaitingSlots': 'Waiting for your answer',
  'pending.filling': 'Sending the answer',
  'slot_needed.filling': 'Sending the answer',
  'confirming.sending': 'Sending the request to start',
  'downloading.locating': 'Asking for the result',
  'downloading.saving': 'Downloading the result',
  pending: 'Convilyn has the job',
  'pending.awaitingTurn': 'Convilyn has the job',
  confirming: 'Convilyn is getting ready',
  'confirming.awaitingTurn': 'Convilyn is getting ready',
  'slot_needed.awaitingTurn': 'Convilyn has your answer',
  executing: 'Convilyn is at work',
  slot_needed: 'The workflow asks for something',
  completed: 'Done',
  failed: 'It failed',
  detached: 'No longer watched',
};
const WAITS: Readonly<Record<string, string>> = {
  rateLimited: 'Waiting for a limit to open',
  backingOff: 'Waiting to try again',
  refreshingVersion: 'Reading the newest version',
  readingAgain: 'Reading the job again',
  awaitingTurn: 'Convilyn is at work',
  reading: 'Asking how far it is',
  deciding: 'Deciding what comes next',
};

/** A state of the chart in words. */
export const placeInWords = (path: string): string =>
  PLACES[path] ?? WAITS[path.split('.').at(-1) ?? ''] ?? path;

const PLAIN: Readonly<Record<string, string>> = {
  created: 'The job was created at Convilyn',
  checkpoint: 'The workflow paused to show something',
  inputNeeded: 'It asked you something',
  confirmNeeded: 'It is ready, and waits for your confirmation',
  outcomeUnknown: 'It is not known whether the job was started',
  conflictResolved: 'The newest version was read',
  completed: 'Done',
  failed: 'It failed',
  detached: 'No longer watched',
  uploadProgress: 'Files are being sent',
  downloadProgress: 'The result is being downloaded',
  progress: 'At work',
};

/** The state that an entry says the job has entered. */
export const pathIn = ({ path, to, state }: HistoryEntry['about']): string => text(path ?? to ?? state);

/** An entry of the history as one line. */
export function eventInWords({ type, about }: HistoryEntry): string {
  if (type === 'moved') return placeInWords(pathIn(about));
  if (type === 'rateLimited') return `Convilyn asked us to slow down${until(about)}`;
  if (type === 'retrying') return `Trying again${until(about)}`;
  const step = typeof about.currentStep === 'string' ? stepInWords(about.currentStep) : undefined;
  if (type === 'progress')
    return `${step ?? 'At work'}${about.progress === undefined ? '' : `: ${text(about.progress)} %`}`;
  const bytes = typeof about.bytes === 'number' ? `, ${size(about.bytes)}` : '';
  return `${PLAIN[type] ?? type}${bytes}`;
}

const until = ({ until: at }: HistoryEntry['about']): string =>
  typeof at === 'number' ? `, continues at ${clockTime(at)}` : '';
