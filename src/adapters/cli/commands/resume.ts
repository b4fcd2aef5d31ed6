import type { Command } from 'commander';
import { prospectsOf } from '../../stored-jobs/index.js';
import { type CommandHost, withJobFlags } from '../command-host.js';
import type { JobFlags } from '../flags.js';
import { runJobs } from '../job-runner.js';
import type { Session } from '../session.js';
import { UsageError } from '../usage-error.js';
import { confirmFlag } from './run.js';

type ResumeFlags = JobFlags & { readonly all?: boolean };

/** The jobs that are meant: all that can be gone on with, or each by this store's name or the server's. */
async function jobsMeant({ jobs }: Session, ids: readonly string[], now: number): Promise<readonly string[]> {
  const records = await jobs.list();
  if (ids.length === 0) return records.filter((job) => prospectsOf(job, now).canResume).map((job) => job.id);
  const nameOf = (id: string): string =>
    records.some((job) => job.id === id) ? id : (records.findLast((job) => job.jobSpecId === id)?.id ?? id);
  return [...new Set(ids.map(nameOf))];
}

/** `goal-lane resume [<id>...|--all]` */
export function addResume({ program, io, finish }: CommandHost): void {
  withJobFlags(program.command('resume'))
    .description('goes on with stored jobs after a crash or Ctrl-C')
    .argument('[id...]', 'see goal-lane jobs')
    .option('--all', 'every job that can be gone on with')
    .addOption(confirmFlag())
    .action(async (ids: string[], _own: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ResumeFlags>();
      if (ids.length > 0 === (flags.all === true)) {
        throw new UsageError('resume: name the jobs, or say --all', 'List them with: goal-lane jobs');
      }
      const exitCode = await runJobs(io, flags, {
        list: (session) => jobsMeant(session, ids, io.now()),
        start: ({ jobs }, id, options) => jobs.resume(id, options),
      });
      finish(exitCode);
    });
}
