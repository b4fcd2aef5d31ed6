import type { Command } from 'commander';
import { defined } from '../../../services/defined.js';
import { type CommandContext, withJobFlags } from '../command-context.js';
import { UsageError } from '../ends/usage-error.js';
import type { ResumeFlags } from '../flags/flags.js';
import { confirmFlag } from './run.js';

/** `goal-lane resume [<id>...|--all]` */
export function addResume({ program, io, finish }: CommandContext): void {
  withJobFlags(program.command('resume'))
    .description('resumes stored jobs after a crash or Ctrl-C')
    .argument('[id...]', 'see goal-lane jobs')
    .option('--all', 'every resumable job')
    .option('--adopt <jobSpecId>', 'after a create with unknown outcome: the job exists, continue with it')
    .option('--retry', 'after creates with unknown outcome: the jobs certainly do not exist, create them')
    .addOption(confirmFlag())
    .action(async (ids: string[], _own: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ResumeFlags>();
      if (ids.length > 0 === (flags.all === true)) {
        throw new UsageError('resume: name the jobs, or say --all', 'List them with: goal-lane jobs');
      }
      const [{ checkDecision, decisionFlag }, { runJobs }, { chooseJobs }] = await Promise.all([
        import('../jobs/create-decision.js'),
        import('../jobs/run-jobs.js'),
        import('../jobs/choose-jobs.js'),
      ]);
      const decision = decisionFlag(ids, flags);
      const exitCode = await runJobs(io, flags, {
        isEachNamed: ids.length > 0,
        isShared: ids.length !== 1,
        hasStoredFolders: true,
        ...defined({ decision }),
        list: async (session) => {
          for (const id of decision === undefined ? [] : ids) await checkDecision(session, id);
          return chooseJobs(session, ids, io.now());
        },
        start: async ({ jobs, useStoredFolder }, id, options) => {
          await useStoredFolder(id);
          return jobs.resume(id, options);
        },
      });
      finish(exitCode);
    });
}
