import { type Command, Option } from 'commander';
import { type CommandContext, withJobFlags } from '../command-context.js';
import type { BatchFlags } from '../flags/flags.js';
import { confirmFlag } from './run.js';

/** `goal-lane batch <manifest>` */
export function addBatch({ program, io, finish }: CommandContext): void {
  withJobFlags(program.command('batch'))
    .description('runs many jobs under one key; a second run continues, and nothing is created twice')
    .argument('[manifest|file...]', 'a manifest (.jsonl, .csv, or - for stdin); with --workflow: files')
    .option('--workflow <id>', 'the workflow of files that are named, or that arrive (--watch)')
    .option('--per-file', 'with --workflow: one job for each file (default)')
    .option('--together', 'with --workflow: one job for all files')
    .option('--watch <dir>', 'with --workflow: files that arrive in a folder become jobs, each once')
    .addOption(
      new Option('--plan <name>', "the key's plan, as far as it is known").choices([
        'free',
        'pro',
        'business',
      ]),
    )
    .option('--concurrency <n>', 'most jobs at once, if less than the plan allows')
    .option('--fail-fast', 'start no further job once one has not ended well')
    .addOption(confirmFlag())
    .option('--allow-empty', 'send files of 0 bytes, too')
    .option('--allow-repeated', 'send a file twice that a job names twice')
    .action(async (args: string[], _own: unknown, command: Command) => {
      const { runBatch } = await import('../batch/run/run-batch.js');
      finish(await runBatch(io, command.optsWithGlobals<BatchFlags>(), args));
    });
}
