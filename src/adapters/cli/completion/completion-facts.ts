import type { Command, Option } from 'commander';

/** The kind of value after a flag. */
export type ValueKind = 'none' | 'text' | 'file' | 'folder';

export interface FlagFacts {
  /** `--out` */
  readonly flag: string;
  readonly about: string;
  readonly value: ValueKind;
  readonly choices: readonly string[];
}

export interface CommandFacts {
  readonly name: string;
  readonly about: string;
  readonly flags: readonly FlagFacts[];
  /** Whether its arguments are paths. */
  readonly takesFiles: boolean;
  /** The allowed words for its argument, if known. */
  readonly words: readonly string[];
}

/** What a shell needs to complete the command line. */
export interface CompletionFacts {
  readonly commands: readonly CommandFacts[];
  readonly common: readonly FlagFacts[];
}

function valueKindOf({ flags }: Option): ValueKind {
  if (!/[<[]/.test(flags)) return 'none';
  if (/<dir>/.test(flags)) return 'folder';
  return /<file/.test(flags) ? 'file' : 'text';
}

const flagFacts = (option: Option): FlagFacts => ({
  flag: option.long ?? option.flags,
  about: option.description,
  value: valueKindOf(option),
  choices: option.argChoices ?? [],
});

/** Derived from the program itself, so that it is always complete. */
export const completionFacts = (program: Command): CompletionFacts => ({
  common: [
    ...program.options.map(flagFacts),
    { flag: '--help', about: 'shows how it is used', value: 'none', choices: [] },
  ],
  commands: program.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    flags: command.options.map(flagFacts),
    takesFiles: command.registeredArguments.some((argument) => argument.name().includes('file')),
    words: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  })),
});
