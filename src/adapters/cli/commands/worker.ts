import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import type { WorkerFlags } from './run-worker.js';

/** `goal-lane worker` */
export function addWorker({ program, io, finish }: CommandContext): void {
  program
    .command('worker')
    .description('runs the jobs of a durable engine (Restate), together with other workers')
    .option('--admin <url>', 'URL of the admin API of the engine', 'http://127.0.0.1:9070')
    .option('--ingress <url>', 'URL of the engine', 'http://127.0.0.1:8080')
    .option('--port <n>', 'port that the engine calls; 0: any free port', '9080')
    .option(
      '--host <address>',
      'address to listen on; beyond the loopback, --identity-key is required',
      '127.0.0.1',
    )
    .option(
      '--url <url>',
      'URL at which the engine reaches the workers of all machines, such as a load balancer (default: own address)',
    )
    .option('--processes <n>', 'number of processes behind the port', '1')
    .option('--keys <file.json>', 'name → key, mode 0600 (default: CONVILYN_API_KEY is the key `default`)')
    .option('--out <dir>', 'folder for results, the same for all workers (default: goal-lane-results)')
    .option('--plan <name>', 'expected limits of each key: free, pro or business')
    .option('--concurrency <n>', 'highest number of jobs of a key at once, if lower than its plan allows')
    .option('--identity-key <key>', 'key with which the engine signs its requests')
    .option('--drain <seconds>', 'how long a replaced release waits for its unfinished work', '150')
    .action(async (_own: unknown, command: Command) => {
      const { runWorker } = await import('./run-worker.js');
      finish(await runWorker(io, command.optsWithGlobals<WorkerFlags>()));
    });
}
