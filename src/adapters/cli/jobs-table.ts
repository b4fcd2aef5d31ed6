import Table from 'cli-table3';
import type { JobRecord } from '../store/job-record.js';
import { harmlessLine } from './harmless.js';
import { clockTime, durationInWords } from './words.js';

const BAR_WIDTH = 10;

/** `█████░░░░░  45 %`; empty where nothing is known. */
export function progressInWords(progress: number | undefined): string {
  if (progress === undefined) return '';
  const share = Math.min(100, Math.max(0, progress));
  const full = Math.round((share / 100) * BAR_WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${Math.floor(share)} %`;
}

function waitInWords(job: JobRecord, now: number): string {
  const { waitsFor, completed } = job;
  if (completed !== undefined) return harmlessLine(completed.file);
  if (waitsFor === undefined) return '';
  const reason = harmlessLine(waitsFor.reason);
  return waitsFor.until === undefined ? reason : `${reason} until ${clockTime(waitsFor.until, now)}`;
}

const workflowOf = (job: JobRecord): string => harmlessLine(job.workflowId ?? job.jobSpecId ?? '');

/** What a store holds, as a table; oldest first. */
export function jobsTable(jobs: readonly JobRecord[], now: number): string {
  const table = new Table({
    head: ['id', 'workflow', 'state', 'step', 'progress', 'age', 'waits for, or result'],
    // No colours: it is read in logs and by grep as well.
    style: { head: [], border: [], compact: true },
  });
  for (const job of jobs) {
    table.push([
      harmlessLine(job.id),
      workflowOf(job),
      harmlessLine(job.state),
      harmlessLine(job.step ?? ''),
      progressInWords(job.state === 'completed' ? 100 : job.progress),
      durationInWords(now - job.createdAt),
      waitInWords(job, now),
    ]);
  }
  return table.toString();
}
