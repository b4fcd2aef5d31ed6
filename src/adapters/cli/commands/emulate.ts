import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { EmulateFlags } from './emulate-options.js';

const another = (value: string, before: readonly string[]): string[] => [...before, value];

/** `goal-lane emulate` */
export function addEmulate({ program, io, finish }: CommandContext): void {
  program
    .command('emulate')
    .description('serves an emulation of the API on this machine')
    .option('--port <n>', 'of the API (default: any that is free)', '0')
    .option('--plan <name>', 'whose limits hold: free, pro or business', 'pro')
    .option('--speed <x>', 'jobs run so many times as fast', '1')
    .option('--faults <file>', 'what goes wrong: a JSON list of rules')
    .option('--replay <file.har>', 'serve a trace again instead: what the server of then answered')
    .option(
      '--allow-origin <origin>',
      'a web page that may call, such as http://localhost:5173; as often as needed',
      another,
      [],
    )
    .action(async (_own: unknown, command: Command) => {
      const { emulate } = await import('./serve-emulator.js');
      finish(await emulate(io, command.opts<EmulateFlags>()));
    });
}
