import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../../src/adapters/cli/run-cli.js';
import { catalogTypes } from '../../../../src/adapters/cli/types/catalog-types.js';
import { json, serve, type TestServer } from '../../../support/http-server.js';
import { createFakeIo } from '../fake-io.js';

const workflow = (spec_id: string, more: object = {}) => ({
  spec_id,
  name: 'A name',
  description: '',
  required_slots: [],
  supported_input_formats: ['pdf', 'docx'],
  ...more,
});

let folder = '';
let server: TestServer;
let catalog: object[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'goal-lane-types-'));
  catalog = [workflow('b.two'), workflow('a.one')];
  server = await serve((_, response) => json(response, 200, catalog));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function types(...flags: string[]) {
  const fake = createFakeIo({
    CONVILYN_API_KEY: 'key-0123456789',
    CONVILYN_BASE_URL: `${server.url}/api/v1`,
  });
  const code = await runCli(['types', ...flags], fake.io);
  return { code, stdout: fake.stdout(), stderr: fake.stderr() };
}

describe('goal-lane types', () => {
  it('writes the same catalog as the same text, on stdout or in a file', async () => {
    const { code, stdout } = await types();
    expect(code).toBe(0);
    expect(stdout.indexOf('"a.one"')).toBeLessThan(stdout.indexOf('"b.two"'));
    expect(stdout).toContain('formats: "pdf" | "docx";');
    const file = join(folder, 'goal-lane.d.ts');
    catalog.reverse();
    expect((await types('--out', file)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(stdout);
  });

  it.skipIf(process.platform === 'win32')('writes into a pipe without reading it first', async () => {
    const pipe = join(folder, 'types.fifo');
    execFileSync('mkfifo', [pipe]);
    const written = types('--out', pipe);
    expect(String(await readFile(pipe))).toContain('"a.one"');
    expect((await written).code).toBe(0);
  });

  it('says with --check whether the file is up to date', async () => {
    const file = join(folder, 'goal-lane.d.ts');
    expect((await types('--check', '--out', file)).code).toBe(2);
    await types('--out', file);
    expect((await types('--check', '--out', file)).code).toBe(0);
    catalog.push(workflow('c.three'));
    const stale = await types('--check', '--out', file);
    expect(stale.code).toBe(2);
    expect(stale.stderr).toContain('is not what the catalog says now');
  });

  it('overwrites nothing but its own', async () => {
    const file = join(folder, 'mine.ts');
    writeFileSync(file, 'export const mine = 1;\n');
    expect((await types('--out', file)).code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('export const mine = 1;\n');
  });

  it('types each slot by its options, its type, and whether it is required', () => {
    const slot = (slotId: string, type: string, more: object = {}) => ({
      slotId,
      type,
      required: true,
      ...more,
    });
    const text = catalogTypes([
      {
        specId: 'x',
        name: 'Ends a comment */ const evil = 1;',
        description: '',
        supportedInputFormats: [],
        requiredSlots: [
          slot('lang', 'enum', { options: ['de', 'fr'] }),
          slot('words', 'number', { required: false }),
          slot('sure', 'boolean'),
          slot('tags', 'list'),
          slot('langs', 'multi_select', { options: ['de', 'fr'] }),
          slot("it's", 'text'),
        ],
      },
    ]);
    for (const line of [
      'formats: string;',
      '"lang": "de" | "fr";',
      '"words"?: number;',
      '"sure": boolean;',
      '"tags": readonly (string)[];',
      '"langs": readonly ("de" | "fr")[];',
      '"it\'s": string;',
    ])
      expect(text).toContain(line);
    expect(text).not.toContain('comment */ const');
  });
});
