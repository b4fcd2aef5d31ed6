import { createStandingOf } from '../../../engine/durable/index.js';
import type { JobCommand } from '../../../machines/job-events.js';
import { UsageError } from '../ends/usage-error.js';
import type { ResumeFlags } from '../flags/flags.js';
import { safeLine } from '../say/terminal-safe.js';
import type { CommandSession } from './command-session.js';

/**
 * What the flags decide about a create of unknown outcome (law 1).
 * @throws UsageError where it cannot be meant: a decision is about one job, and is one
 */
export function decisionFlag(ids: readonly string[], { adopt, retry }: ResumeFlags): JobCommand | undefined {
  if (adopt === undefined && retry !== true) return undefined;
  if (adopt !== undefined && retry === true)
    throw new UsageError('resume: --adopt and --retry', 'The job exists, or it does not: say one of them.');
  if (ids.length !== 1)
    throw new UsageError('resume: --adopt and --retry are about one job', 'Name that one.');
  if (adopt === undefined) return { type: 'RETRY' };
  if (adopt.trim() === '')
    throw new UsageError('--adopt: the id is empty', 'Give the jobSpecId as the account shows it.');
  return { type: 'ADOPT', jobSpecId: adopt.trim() };
}

/** @throws UsageError where the create of the stored job is not in question */
export async function checkDecision({ jobs }: CommandSession, id: string): Promise<void> {
  const records = await jobs.list();
  const job = records.find((record) => record.id === id);
  if (job !== undefined && createStandingOf(job) !== undefined) return;
  throw new UsageError(
    `resume: of job ${safeLine(id)} it is not in question whether it was created`,
    'Leave --adopt and --retry out; goal-lane jobs says what each job waits for.',
  );
}
