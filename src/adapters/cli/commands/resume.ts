import type { Command } from 'commander';
import { type CommandHost, withJobFlags } from '../command-host.js';
import type { JobFlags } from '../flags.js';
import { UsageError } from '../usage-error.js';
import { confirmFlag } from './run.js';

type ResumeFlags = JobFlags & { readonly all?: boolean };

/** `goal-lane resume [<id>...|--all]` */
export function addResume({ program, io, finish }: CommandHost): void {
  withJobFlags(program.command('resume'))
    .description('goes on with stored jobs after a crash or Ctrl-C')
    .argument('[id...]', 'see goal-lane jobs')
    .option('--all', 'every job that can be gone on with')
    .addOption(confirmFlag())
    .action(async (ids: string[], _own: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ResumeFlags>();
      if (ids.length > 0 === (flags.all === true)) {
        throw new UsageError('resume: name the jobs, or say --all', 'List them with: goal-lane jobs');
      }
      const [{ runJobs }, { jobsMeant }] = await Promise.all([
        import('../job-runner.js'),
        import('../jobs-meant.js'),
      ]);
      const exitCode = await runJobs(io, flags, {
        isEachNamed: ids.length > 0,
        isShared: ids.length !== 1,
        list: (session) => jobsMeant(session, ids, io.now()),
        start: ({ jobs }, id, options) => jobs.resume(id, options),
      });
      finish(exitCode);
    });
}
