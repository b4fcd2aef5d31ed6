import { PassThrough } from 'node:stream';
import type { Command, Option } from 'commander';
import { EXIT } from '../../src/adapters/cli/ends/exit-code.js';
import { HELP } from '../../src/adapters/cli/help.js';
import { createProgram } from '../../src/adapters/cli/run-cli.js';
import { code, page, table } from './markdown.js';

/** The program itself, on streams that are not read. */
const program = (): Command => {
  const stream = (): PassThrough => new PassThrough();
  return createProgram(
    {
      stdin: stream(),
      stdout: stream(),
      stderr: stream(),
      env: {},
      now: () => 0,
      interruption: new AbortController(),
    },
    () => undefined,
  );
};

function flagRow(option: Option): readonly string[] {
  const { flags, description, argChoices, defaultValue } = option;
  const choices = argChoices === undefined ? '' : `: ${argChoices.map(code).join(', ')}`;
  const isSaid =
    defaultValue === undefined || defaultValue === false || option.negate || Array.isArray(defaultValue);
  return [code(flags), `${description}${choices}`, isSaid ? '' : code(String(defaultValue))];
}

const flags = (options: readonly Option[]): readonly string[] =>
  options.length === 0 ? [] : [table(['flag', 'meaning', 'default'], options.map(flagRow))];

function commandParts(command: Command): readonly string[] {
  const name = command.name();
  const examples = HELP[name]?.examples ?? [];
  const usage = `goal-lane ${name} ${command.usage()}`.replace(/ \[options\]/, ' [flags]');
  return [
    `## goal-lane ${name} {#${name}}`,
    `${command.description().replace(/^./, (letter) => letter.toUpperCase())}.`,
    `\`\`\`text\n${usage}\n\`\`\``,
    ...flags(command.options),
    ...(examples.length === 0 ? [] : [`\`\`\`sh\n${examples.join('\n')}\n\`\`\``]),
  ];
}

const EXIT_WORDS: Readonly<Record<keyof typeof EXIT, string>> = {
  saved: 'the result is saved',
  jobFailed: 'the API says that the job failed',
  usage: 'bad usage or input, or the server refused the input before a job came to be',
  inputNeeded: 'input is needed and no person can be asked',
  keyRefused: 'the API refuses the key',
  maxWait: 'it would take longer than `--max-wait`',
  outcomeUnknown: 'it is not known whether the job was created',
  unusable: 'server, proxy, storage or network unusable after retries; resumable where there is a job',
  outputLost: 'stdout cannot be written',
  interrupted: 'interrupted; resumable',
};

export const exitTable = (): string =>
  table(
    ['code', 'meaning'],
    (Object.keys(EXIT) as (keyof typeof EXIT)[]).map((name) => [String(EXIT[name]), EXIT_WORDS[name]]),
  );

/** The command line, from the program's own help. */
export function commandPage(): string {
  const { commands, options } = program();
  return page(
    'Commands and flags',
    'Every command and flag, from the program itself: what `goal-lane COMMAND --help` shows.',
    [
      'What a command does in detail, and what its output means, is explained in [the command line](../command-line.md).',
      '## Every command {#common}',
      ...flags(options.filter(({ long }) => long !== '--version')),
      ...commands.flatMap(commandParts),
      '## Exit codes {#exit-codes}',
      exitTable(),
    ],
  );
}
