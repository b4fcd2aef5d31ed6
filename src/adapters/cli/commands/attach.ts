import type { Command } from 'commander';
import { type CommandContext, withJobFlags } from '../command-context.js';
import { UsageError } from '../ends/usage-error.js';
import type { JobFlags } from '../flags/flags.js';
import { newJobId } from '../flags/job-id.js';
import { confirmFlag } from './run.js';

/** `goal-lane attach <jobSpecId>` */
export function addAttach({ program, io, finish }: CommandContext): void {
  withJobFlags(program.command('attach'))
    .description('follows a job that already exists')
    .argument('<jobSpecId>', 'its id on the server')
    .addOption(confirmFlag())
    .action(async (jobSpecId: string, _own: unknown, command: Command) => {
      const flags = command.optsWithGlobals<JobFlags>();
      if (jobSpecId.trim() === '') {
        throw new UsageError('attach: the id is empty', 'Give the jobSpecId exactly as the server gave it.');
      }
      const { runJobs } = await import('../jobs/run-jobs.js');
      const exitCode = await runJobs(io, flags, {
        isNew: true,
        list: async () => [{ id: newJobId(), notes: [] }],
        start: ({ jobs }, id, options) => jobs.start({ jobSpecId, ...options }, { id }),
        isAttached: true,
      });
      finish(exitCode);
    });
}
