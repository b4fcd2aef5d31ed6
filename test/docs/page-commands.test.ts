import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/adapters/cli/run-cli.js';
import { createFakeIo } from '../adapters/cli/fake-io.js';
import { allBlocks, type PageBlock } from './page-code.js';

const { io } = createFakeIo();
const program = createProgram(io, () => undefined);
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

const longFlags = (command: Command): readonly string[] =>
  command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));

/** Of `goal-lane …`: a command that there is, with flags that it has. */
function wrongInOurs([name = '', ...rest]: readonly string[]): string | undefined {
  if (name.startsWith('-')) return longFlags(program).includes(name) ? undefined : `no flag ${name}`;
  if (/^[A-Z]+$/.test(name)) return undefined;
  const command = program.commands.find((one) => one.name() === name);
  if (command === undefined) return `no command ${name}`;
  const known = [...longFlags(command), ...longFlags(program), '--help'];
  const unknown = rest.flatMap((word) => /^--[a-z-]+/.exec(word) ?? []).find((flag) => !known.includes(flag));
  return unknown === undefined ? undefined : `${name} has no flag ${unknown}`;
}

/** Of npm, npx and node: a script, a file or a command that there is. */
function wrongInNodes([tool = '', first = '', ...rest]: readonly string[]): string | undefined {
  if (tool === 'npx' && first === 'goal-lane') return wrongInOurs(rest);
  if (tool === 'npx') return existsSync(`node_modules/.bin/${first}`) ? wrongPath(rest) : `npx ${first}`;
  if (tool === 'node') return wrongPath([first]);
  const script = first === 'run' ? rest.find((word) => !word.startsWith('-')) : first;
  if (['init', 'ci', 'cit', 'install', 'test', 'pack'].includes(first)) return undefined;
  return script !== undefined && script in scripts ? undefined : `npm has no script ${script}`;
}

/** A path of this repository; what a reader makes is named without a folder. */
const wrongPath = (words: readonly string[]): string | undefined =>
  words.find((word) => /^(test|scripts|src|docs)\//.test(word) && !existsSync(word));

/** What any shell has. */
const OF_THE_SHELL = ['export', 'cd', 'mkdir', 'echo', 'printf', 'cat', 'curl', 'eval', 'sha256sum'];

function wrongIn(line: string): string | undefined {
  const words = line
    .replace(/\s#.*$/, '')
    .trim()
    .split(/\s+/);
  // `NAME=value command`, and what a shell's prompt shows.
  const start = words.findIndex((word) => !/^([A-Z_]+=\S*|\$)$/.test(word));
  const [tool = '', ...rest] = words.slice(Math.max(start, 0));
  if (tool === 'goal-lane') return wrongInOurs(rest);
  if (['npm', 'npx', 'node'].includes(tool)) return wrongInNodes([tool, ...rest]);
  return OF_THE_SHELL.includes(tool) || tool.startsWith('.ci/') ? undefined : `what is ${tool}?`;
}

/** Blocks of commands; one without a language is one where it begins as they do. */
const isShell = ({ language, code }: PageBlock): boolean =>
  ['sh', 'bash'].includes(language) ||
  (language === '' && /^(goal-lane|npm|npx|node|export|[A-Z_]+=)\b/.test(code));

const commandsOf = ({ page, line, code }: PageBlock) =>
  code
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((command, index) => ({ at: `${page}:${line + index}`, command }))
    // The usage of a command names what is optional in brackets.
    .filter(
      ({ command }) => command.trim() !== '' && !command.trim().startsWith('#') && !/\[\S+/.test(command),
    );

describe('the commands in README and docs', () => {
  const commands = allBlocks().filter(isShell).flatMap(commandsOf);

  it('exist, with their flags, scripts and paths', () => {
    expect(commands.length).toBeGreaterThan(60);
    const wrong = commands.flatMap(({ at, command }) => {
      const said = wrongIn(command);
      return said === undefined ? [] : [`${at}: ${said}`];
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['goal-lane fetch job_1', 'no command fetch'],
    ['npx goal-lane run wf a.pdf --fast', 'run has no flag --fast'],
    ['npm run docs:bild', 'npm has no script docs:bild'],
    ['npx vitest run test/machine', 'test/machine'],
    ['CONVILYN_API_KEY=x goal-lane fetch', 'no command fetch'],
    ['convilyn run', 'what is convilyn?'],
  ])('a wrong one is found: %s', (command, said) => {
    expect(wrongIn(command)).toBe(said);
  });
});
