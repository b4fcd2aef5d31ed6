import { Argument } from 'commander';
import type { CommandContext } from '../command-context.js';
import { EXIT } from '../ends/exit-code.js';

/** `goal-lane completion <shell>` */
export function addCompletion({ program, io, finish }: CommandContext): void {
  program
    .command('completion')
    .description('prints what a shell needs to complete this command line')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: string) => {
      const { completionScript } = await import('../completion/completion-script.js');
      io.stdout.write(completionScript(shell, program));
      finish(EXIT.saved);
    });
}
