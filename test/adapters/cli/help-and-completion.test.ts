import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram, runCli } from '../../../src/adapters/cli/run-cli.js';
import { createFakeIo } from './fake-io.js';

const program = createProgram(createFakeIo().io, () => undefined);
const flagsOf = (name: string): string[] =>
  [
    ...program.options,
    ...(program.commands.find((command) => command.name() === name)?.options ?? []),
  ].flatMap(({ long }) => long ?? []);

async function shownBy(...argv: string[]): Promise<string> {
  const fake = createFakeIo();
  expect(await runCli(argv, fake.io)).toBe(0);
  return fake.stdout();
}

describe('the help', () => {
  it('groups the commands', async () => {
    const help = await shownBy('--help');
    expect(help).toMatch(/Commands that run jobs:\n {2}run /);
    expect(help).toMatch(/Commands that look and tidy:\n/);
    expect(help).not.toMatch(/^Commands:/m);
  });

  it.each([30, 40, 60])('fits a terminal of %i columns', (columns) => {
    for (const command of [program, ...program.commands]) {
      const helper = command.createHelp();
      helper.helpWidth = columns;
      const shown = helper.formatHelp(command, helper);
      // Terms and the usage are not broken: they are typed like that.
      const words = shown.split('\n').filter((line) => !/^(Usage:| {2}\S)/.test(line));
      for (const line of words) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it('states each default once, and none for a flag that may be repeated', async () => {
    for (const command of program.commands) {
      const help = (await shownBy(command.name(), '--help')).replace(/\s+/g, ' ');
      expect(help).not.toMatch(/\(default: [^)]*\) \(default:|default: \[\]/);
    }
  });

  it.each(program.commands.map((command) => command.name()))(
    'gives %s three examples with flags that it has',
    async (name) => {
      const help = await shownBy(name, '--help');
      const examples = [...help.matchAll(/^ {2}\$ (goal-lane .*)$/gm)].map(([, example = '']) => example);
      expect(examples).toHaveLength(3);
      for (const example of examples) {
        expect(example.split(' ')[1]).toBe(name);
        for (const [flag] of example.matchAll(/--[a-z-]+/g)) expect(flagsOf(name)).toContain(flag);
      }
    },
  );
});

/** What bash would offer for a line, the cursor at its end. */
function offered(script: string, words: readonly string[], cwd: string): string[] {
  const file = join(cwd, 'completion.bash');
  writeFileSync(file, script);
  const line = `source ${file}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _goal_lane; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', line], { cwd, encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
}

describe('completion', () => {
  it('completes commands, flags, their words and paths in bash', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'goal-lane-completion-'));
    try {
      writeFileSync(join(dir, 'report.pdf'), '');
      writeFileSync(join(dir, 'my report (1) $x.pdf'), '');
      const script = await shownBy('completion', 'bash');
      expect(offered(script, ['goal-lane', 'ba'], dir)).toEqual(['batch']);
      expect(offered(script, ['goal-lane', 'batch', '--fail'], dir)).toEqual(['--fail-fast']);
      expect(offered(script, ['goal-lane', 'batch', '--plan', 'b'], dir)).toEqual(['business']);
      expect(offered(script, ['goal-lane', '--store', 's.db', 'batch', 'rep'], dir)).toEqual(['report.pdf']);
      expect(offered(script, ['goal-lane', 'run', 'w', 'my'], dir)).toEqual(['my report (1) $x.pdf']);
      expect(offered(script, ['goal-lane', '--log-level', 'si'], dir)).toEqual(['silent']);
      expect(offered(script, ['goal-lane', 'completion', 'f'], dir)).toEqual(['fish']);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it.each(['zsh', 'fish'])('names every command and every flag to %s', async (shell) => {
    const script = await shownBy('completion', shell);
    // Where the shell is installed, it reads the script; CI machines need not have it.
    const dir = mkdtempSync(join(tmpdir(), 'goal-lane-completion-'));
    writeFileSync(join(dir, 'script'), script);
    const { status, error } = spawnSync(shell, ['-n', join(dir, 'script')]);
    rmSync(dir, { recursive: true, force: true });
    if (error === undefined) expect(status).toBe(0);
    for (const command of program.commands) {
      expect(script).toContain(command.name());
      for (const { long } of command.options)
        expect(script).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : `${long}[`);
    }
  });
});
