import { createStandingOf } from '../../../engine/durable/index.js';
import { isStoreError } from '../../../engine/store/store-error.js';
import type { JobCommand } from '../../../machines/job-events.js';
import { UsageError } from '../ends/usage-error.js';
import type { ResumeFlags } from '../flags/flags.js';
import { safeLine } from '../say/terminal-safe.js';
import type { CommandSession } from './command-session.js';

/**
 * The decision of the flags about a create with unknown outcome (law 1, never twice).
 * @throws UsageError if it is invalid: a decision is about jobs that are named, and an id belongs to one job
 */
export function decisionFlag(ids: readonly string[], { adopt, retry }: ResumeFlags): JobCommand | undefined {
  if (adopt === undefined && retry !== true) return undefined;
  if (adopt !== undefined && retry === true)
    throw new UsageError(
      'resume: --adopt and --retry',
      'The job exists, or it does not: use one of the two flags.',
    );
  if (ids.length === 0)
    throw new UsageError(
      'resume: --adopt and --retry are about jobs that are named',
      'Name them: what is not certain of each must not be decided for all.',
    );
  if (adopt === undefined) return { type: 'RETRY' };
  if (ids.length > 1) throw new UsageError('resume: --adopt is about one job', 'Name that one.');
  if (adopt.trim() === '')
    throw new UsageError('--adopt: the id is empty', 'Give the jobSpecId as the account shows it.');
  return { type: 'ADOPT', jobSpecId: adopt.trim() };
}

const UNREADABLE: ReadonlySet<string> = new Set(['corrupt', 'newer-version']);

/** @throws UsageError if there is no such job in the store, or the outcome of its create is known */
export async function checkDecision({ store }: Pick<CommandSession, 'store'>, id: string): Promise<void> {
  const job = await store.load(id).catch((error: unknown) => {
    // Whether a job that cannot be read was created is not for a flag to decide.
    if (isStoreError(error) && UNREADABLE.has(error.kind)) return 'unreadable' as const;
    throw error;
  });
  if (job === undefined)
    throw new UsageError(
      `The store holds no job ${safeLine(id)}.`,
      'List them with: goal-lane jobs; another store may hold it.',
    );
  if (job !== 'unreadable' && createStandingOf(job) !== undefined) return;
  throw new UsageError(
    `resume: it is known whether job ${safeLine(id)} was created`,
    'Leave --adopt and --retry out; goal-lane jobs says what each job waits for.',
  );
}
