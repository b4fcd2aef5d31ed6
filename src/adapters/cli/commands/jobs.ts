import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { ListJobsFlags } from '../flags/flags.js';

const STATES = [
  'preparing',
  'pending',
  'confirming',
  'executing',
  'slot_needed',
  'downloading',
  'completed',
  'failed',
  'detached',
];

function countOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1.');
  return Number(text);
}

/** `goal-lane jobs` */
export function addJobs({ program, io, finish }: CommandContext): void {
  program
    .command('jobs')
    .description('lists the jobs in the store')
    .option('--json', 'one job a line, as JSON')
    .option('--all', 'every job; at a terminal only the newest 100 are listed otherwise')
    .addOption(
      new Option('--limit <count>', 'only the newest jobs, this many').argParser(countOf).conflicts('all'),
    )
    .addOption(new Option('--state <word>', 'jobs in this state').choices(STATES))
    .action(async (_own: unknown, command: Command) => {
      const { listJobs } = await import('./list-jobs.js');
      finish(await listJobs(io, command.optsWithGlobals<ListJobsFlags>()));
    });
}
