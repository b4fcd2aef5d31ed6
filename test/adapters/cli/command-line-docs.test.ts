import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/adapters/cli/ends/exit-code.js';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { createFakeIo } from './fake-io.js';

const page = readFileSync(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');

async function helpOf(...argv: string[]): Promise<string> {
  const fake = createFakeIo();
  await runCli([...argv, '--help'], fake.io);
  return fake.stdout();
}

const commandsIn = (help: string): string[] =>
  [...help.slice(help.indexOf('\nCommands')).matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name);

describe('the page about the command line', () => {
  it('names every command and every flag that there is', async () => {
    const commands = commandsIn(await helpOf()).filter((name) => name !== 'help');
    expect(commands).toContain('run');
    for (const command of commands) {
      expect(page).toContain(`\`goal-lane ${command}`);
      for (const [flag] of (await helpOf(command)).matchAll(/--[a-z-]+/g)) {
        if (flag !== '--version') expect(page).toContain(flag);
      }
    }
  });

  it('names every exit code', () => {
    for (const code of Object.values(EXIT)) expect(page).toContain(`\n| ${code} | `);
  });
});
