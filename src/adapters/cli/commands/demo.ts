import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { CommonFlags } from '../flags/flags.js';

/** `goal-lane demo` */
export function addDemo({ program, io, finish }: CommandContext): void {
  program
    .command('demo')
    .description('runs a job on two documents against an emulator; needs no key')
    .action(async (_own: unknown, command: Command) => {
      const { runDemo } = await import('./run-demo.js');
      finish(await runDemo(io, command.optsWithGlobals<CommonFlags>()));
    });
}
