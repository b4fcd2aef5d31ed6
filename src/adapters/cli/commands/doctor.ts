import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { DoctorFlags } from '../doctor/examine.js';

/** `goal-lane doctor` */
export function addDoctor({ program, io, finish }: CommandContext): void {
  program
    .command('doctor')
    .description('checks the setup: key, network, clock, limits, store')
    .option('--out <dir>', 'folder for results to check (default: goal-lane-results)')
    .option('--json', 'one check a line, as JSON')
    .action(async (_own: unknown, command: Command) => {
      const { runDoctor } = await import('../doctor/run-doctor.js');
      finish(await runDoctor(io, command.optsWithGlobals<DoctorFlags>()));
    });
}
