import type { Command } from 'commander';
import type { CommandHost } from '../command-host.js';
import { parsePort } from '../settings.js';

/** `goal-lane emulate` */
export function addEmulate({ program, io, finish }: CommandHost): void {
  program
    .command('emulate')
    .description('serves an emulation of the API on this machine')
    .option('--port <n>', 'of the API (default: any that is free)', '0')
    .action(async (_own: unknown, command: Command) => {
      const port = parsePort(command.opts<{ port: string }>().port);
      const { emulate } = await import('../emulate.js');
      finish(await emulate(io, port));
    });
}
