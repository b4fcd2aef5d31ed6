import { basename } from 'node:path';
import type { JobHandleEvent } from '../../../engine/job/job-handle.js';
import type { UploadProgress } from '../../../machines/ports.js';
import { checkpointLines, eventLines } from './event-lines.js';
import { formatSize } from './format.js';
import type { Screen } from './screen.js';
import { safeLine } from './terminal-safe.js';

/** Reports the events of one job to people. */
export type Narrator = (event: JobHandleEvent) => void;

type ProgressEvent = Extract<JobHandleEvent, { type: 'progress' }>;

function uploadReporter(screen: Screen): (progress: UploadProgress) => void {
  const files = new Map<string, UploadProgress>();
  const reported = new Set<string>();
  return (progress) => {
    const { handle, sentBytes, totalBytes } = progress;
    files.set(handle, progress);
    const all = [...files.values()];
    const sent = all.reduce((sum, file) => sum + file.sentBytes, 0);
    const total = all.reduce((sum, file) => sum + file.totalBytes, 0);
    screen.bar(`uploading ${formatSize(sent)} of ${formatSize(total)}`, total === 0 ? 1 : sent / total);
    // Uploaded again after it expired: report it again.
    if (sentBytes < totalBytes) return void reported.delete(handle);
    if (reported.has(handle)) return;
    reported.add(handle);
    screen.line(`Uploaded ${safeLine(basename(handle))} (${formatSize(totalBytes)})`);
  };
}

function progressReporter(screen: Screen, isTerminal: boolean): (event: ProgressEvent) => void {
  let [share, lastLine] = [0, ''];
  return ({ status, progress, currentStep }) => {
    if (progress !== undefined) share = progress / 100;
    const step = currentStep === undefined ? '' : safeLine(currentStep).replaceAll('_', ' ');
    if (status === 'slot_needed' || status === 'failed') return screen.clearBar();
    screen.bar(step === '' ? safeLine(status) : step, share);
    const percent = progress === undefined ? '' : ` ${Math.floor(progress)} %`;
    const line = `${safeLine(status)}${percent}${step === '' ? '' : `  ${step}`}`;
    if (line === lastLine || isTerminal) return;
    lastLine = line;
    screen.line(line);
  };
}

/** `isTerminal`: the screen has a bar, so steps need no lines. */
export function createNarrator(screen: Screen, isTerminal: boolean): Narrator {
  const reportUpload = uploadReporter(screen);
  const reportProgress = progressReporter(screen, isTerminal);
  let shown: string | undefined;
  return (event) => {
    if (event.type === 'checkpoint') shown = event.checkpoint.checkpointId;
    if (event.type === 'uploadProgress') return reportUpload(event.progress);
    if (event.type === 'progress') return reportProgress(event);
    if (event.type === 'downloadProgress') {
      const { receivedBytes, totalBytes } = event.progress;
      const of = totalBytes === undefined ? '' : ` of ${formatSize(totalBytes)}`;
      screen.bar(
        `downloading the result ${formatSize(receivedBytes)}${of}`,
        receivedBytes / (totalBytes ?? Infinity),
      );
    }
    for (const line of eventLines(event)) screen.line(line);
    // A resumed job asks again, but has no new checkpoint event.
    if (event.type === 'inputNeeded' && event.request.checkpoint?.checkpointId !== shown) {
      for (const line of event.request.checkpoint ? checkpointLines(event.request.checkpoint) : []) {
        screen.line(line);
      }
    }
    if (event.type === 'created') screen.bar('starting', 0);
    if (event.type === 'checkpoint' || event.type === 'inputNeeded') screen.clearBar();
  };
}
