import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { EmulateFlags } from './emulate-options.js';

const another = (value: string, before: readonly string[]): string[] => [...before, value];

/** `goal-lane emulate` */
export function addEmulate({ program, io, finish }: CommandContext): void {
  program
    .command('emulate')
    .description('serves an emulation of the API on this machine')
    .option('--port <n>', 'port of the API; 0: any free port', '0')
    .option('--plan <name>', 'plan whose limits apply: free, pro or business', 'pro')
    .option('--speed <x>', 'how many times faster jobs run', '1')
    .option('--faults <file>', 'faults to inject: a JSON list of rules')
    .option('--replay <file.har>', 'replay the replies of a trace instead')
    .option(
      '--allow-origin <origin>',
      'a web page that may call, such as http://localhost:5173; may be repeated',
      another,
      [],
    )
    .action(async (_own: unknown, command: Command) => {
      const { emulate } = await import('./serve-emulator.js');
      finish(await emulate(io, command.opts<EmulateFlags>()));
    });
}
