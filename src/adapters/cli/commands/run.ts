import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type CommandContext, withJobFlags } from '../command-context.js';
import type { JobFlags } from '../flags/flags.js';
import { newJobId } from '../flags/job-id.js';

export const confirmFlag = (): Option =>
  new Option('--confirm <when>', 'manual: ask before the job starts').choices(['manual']);

/** `goal-lane run <workflowId> <file...>` */
export function addRun({ program, io, finish }: CommandContext): void {
  withJobFlags(program.command('run'))
    .description('runs a workflow on files, to a saved result')
    .argument('<workflowId>', 'see goal-lane workflows')
    .argument('<file...>', 'what the workflow works on')
    .addOption(confirmFlag())
    .option('--allow-empty', 'send files of 0 bytes, too')
    .option('--allow-repeated', 'send a file twice if it is given twice')
    .action(async (workflowId: string, files: string[], _own: unknown, command: Command) => {
      const flags = command.optsWithGlobals<JobFlags>();
      // Absolute, so that the job can be resumed from any directory.
      const paths = files.map((file) => resolve(file));
      const { runJobs } = await import('../jobs/run-jobs.js');
      const exitCode = await runJobs(io, flags, {
        isNew: true,
        list: async () => [{ id: newJobId(), notes: [] }],
        start: ({ jobs }, id, options) => jobs.start({ workflowId, files: paths, ...options }, { id }),
      });
      finish(exitCode);
    });
}
