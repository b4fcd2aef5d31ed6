import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { WorkerFlags } from './run-worker.js';

/** `goal-lane worker` */
export function addWorker({ program, io, finish }: CommandContext): void {
  program
    .command('worker')
    .description('runs the jobs of a durable engine (Restate), together with other workers')
    .option('--admin <url>', "of the engine's administration", 'http://127.0.0.1:9070')
    .option('--ingress <url>', 'of the engine', 'http://127.0.0.1:8080')
    .option('--port <n>', 'where the engine calls; 0: any that is free', '9080')
    .option('--host <address>', 'to listen on; beyond the loopback, --identity-key is needed', '127.0.0.1')
    .option('--processes <n>', 'so many, behind the one port', '1')
    .option('--keys <file.json>', 'name → key, mode 0600 (default: CONVILYN_API_KEY is the key `default`)')
    .option('--out <dir>', 'folder for results, the same for all workers (default: goal-lane-results)')
    .option('--plan <name>', 'what is believed of the limits of each key: free, pro or business')
    .option('--concurrency <n>', 'most jobs of a key at once, if less than its plan allows')
    .option('--identity-key <key>', 'with which the engine signs its requests')
    .option('--drain <seconds>', 'how long an old release stays for what it has begun', '60')
    .action(async (_own: unknown, command: Command) => {
      const { runWorker } = await import('./run-worker.js');
      finish(await runWorker(io, command.optsWithGlobals<WorkerFlags>()));
    });
}
