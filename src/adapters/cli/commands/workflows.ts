import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { ListFlags } from '../flags/flags.js';

/** `goal-lane workflows` */
export function addWorkflows({ program, io, finish }: CommandContext): void {
  program
    .command('workflows')
    .description('lists the workflows of the catalog')
    .option('--json', 'one workflow a line, as JSON')
    .action(async (_own: unknown, command: Command) => {
      const { listWorkflows } = await import('./list-workflows.js');
      finish(await listWorkflows(io, command.optsWithGlobals<ListFlags>()));
    });
}
