import type { Command } from 'commander';
import { bashScript } from './bash-script.js';
import { completionFacts } from './completion-facts.js';
import { fishScript } from './fish-script.js';
import { zshScript } from './zsh-script.js';

/** The script for a shell, generated from the program. */
export function completionScript(shell: string, program: Command): string {
  const facts = completionFacts(program);
  if (shell === 'zsh') return zshScript(facts);
  return shell === 'fish' ? fishScript(facts) : bashScript(facts);
}
