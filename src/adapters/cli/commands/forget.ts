import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { UsageError } from '../ends/usage-error.js';
import type { ForgetFlags } from '../flags/flags.js';

/** `goal-lane forget <id>...|--ended` */
export function addForget({ program, io, finish }: CommandContext): void {
  program
    .command('forget')
    .description('removes ended jobs from the store; nothing is deleted on the server')
    .argument('[id...]', 'see goal-lane jobs')
    .option('--ended', 'every job that has ended')
    .option('--json', 'one job a line, as JSON')
    .action(async (ids: string[], _own: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ForgetFlags>();
      if (ids.length > 0 === (flags.ended === true))
        throw new UsageError('forget: name the jobs, or say --ended', 'List them with: goal-lane jobs');
      const { forgetStored } = await import('./forget-stored.js');
      finish(await forgetStored(io, flags, ids));
    });
}
