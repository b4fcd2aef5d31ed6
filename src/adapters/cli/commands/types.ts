import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { TypesFlags } from '../types/write-types.js';

/** `goal-lane types` */
export function addTypes({ program, io, finish }: CommandContext): void {
  program
    .command('types')
    .description('writes the catalog as TypeScript types: a wrong workflow, format or slot does not compile')
    .option('--out <file>', 'where to write them (default: stdout)')
    .option('--check', 'say whether the file is up to date (code 2 where not); default file: goal-lane.d.ts')
    .action(async (_own: unknown, command: Command) => {
      const { writeTypes } = await import('../types/write-types.js');
      finish(await writeTypes(io, command.optsWithGlobals<TypesFlags>()));
    });
}
