import type { Command } from 'commander';
import type { CommandHost } from '../command-host.js';
import { parsePort } from '../settings.js';

const another = (value: string, before: readonly string[]): string[] => [...before, value];

/** `goal-lane emulate` */
export function addEmulate({ program, io, finish }: CommandHost): void {
  program
    .command('emulate')
    .description('serves an emulation of the API on this machine')
    .option('--port <n>', 'of the API (default: any that is free)', '0')
    .option(
      '--allow-origin <origin>',
      'a web page that may call, such as http://localhost:5173; as often as needed',
      another,
      [],
    )
    .action(async (_own: unknown, command: Command) => {
      const { port, allowOrigin } = command.opts<{ port: string; allowOrigin: string[] }>();
      const options = { port: parsePort(port), allowOrigins: allowOrigin };
      const { emulate } = await import('../emulate.js');
      finish(await emulate(io, options));
    });
}
