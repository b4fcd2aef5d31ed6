import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { ServeFlags } from './serve-ground.js';

const another = (value: string, before: readonly string[]): string[] => [...before, value];

/** `goal-lane serve` */
export function addServe({ program, io, finish }: CommandContext): void {
  program
    .command('serve')
    .description('shows and runs jobs on a web page of this machine')
    .option('--port <n>', 'port of the page; 0: any free port', '4180')
    .option('--host <address>', 'address to listen on; beyond this machine, a token is required', '127.0.0.1')
    .option('--allow-host <name>', 'another host name of the page; may be repeated', another, [])
    .option('--demo', 'use an emulator in this process, without a key')
    .option('--no-open', 'do not open a browser')
    .option('--plan <name>', 'expected limits: free, pro or business')
    .option('--ingress <url>', 'URL of a durable engine: shows and controls the jobs of its workers')
    .option('--admin <url>', 'URL of the admin API of the engine (default: port 9070 of the same machine)')
    .option('--uploads <dir>', 'folder for uploads; workers of an engine need access to it')
    .option('--out <dir>', 'folder for results, created if needed (default: goal-lane-results)')
    .action(async (_own: unknown, command: Command) => {
      const { serveConsole } = await import('./serve-console.js');
      finish(await serveConsole(io, command.optsWithGlobals<ServeFlags>()));
    });
}
