import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { ListFlags } from '../flags/flags.js';

/** `goal-lane jobs` */
export function addJobs({ program, io, finish }: CommandContext): void {
  program
    .command('jobs')
    .description('lists the jobs that the store holds')
    .option('--json', 'one job a line, as JSON')
    .action(async (_own: unknown, command: Command) => {
      const { listJobs } = await import('./list-jobs.js');
      finish(await listJobs(io, command.optsWithGlobals<ListFlags>()));
    });
}
