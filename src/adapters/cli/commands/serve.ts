import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { ServeFlags } from './serve-ground.js';

const another = (value: string, before: readonly string[]): string[] => [...before, value];

/** `goal-lane serve` */
export function addServe({ program, io, finish }: CommandContext): void {
  program
    .command('serve')
    .description('shows and runs jobs on a web page of this machine')
    .option('--port <n>', 'of the page; 0 takes any that is free', '4180')
    .option('--host <address>', 'to listen on; beyond this machine a token is needed', '127.0.0.1')
    .option(
      '--allow-host <name>',
      'another name by which the page is opened; as often as needed',
      another,
      [],
    )
    .option('--demo', 'against an emulator in this process, without a key')
    .option('--no-open', 'do not open a browser')
    .option('--plan <name>', 'whose limits hold: free, pro or business')
    .option('--ingress <url>', 'of a durable engine: shows and steers the jobs of its workers')
    .option('--admin <url>', "of the engine's administration (default: port 9070 of the same machine)")
    .option('--uploads <dir>', 'folder for files on their way; workers of an engine must see it too')
    .option('--out <dir>', 'folder for results, made if needed (default: goal-lane-results)')
    .action(async (_own: unknown, command: Command) => {
      const { serveConsole } = await import('./serve-console.js');
      finish(await serveConsole(io, command.optsWithGlobals<ServeFlags>()));
    });
}
