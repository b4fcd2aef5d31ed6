import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { transform } from 'esbuild';
import type { Emulator } from '../../src/adapters/emulator/index.js';
import { importsOf } from '../docs/page-host.js';

/** The files that the pages speak of. */
const FILES = ['resume.pdf', 'job-description.pdf', 'report.pdf', 'letter.pdf'];

/** A folder as a reader has it, with the package installed and the files that the pages name. */
export async function readersFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules', '@types'), { recursive: true });
  await symlink(process.cwd(), join(folder, 'node_modules', 'goal-lane'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const name of FILES) await writeFile(join(folder, name), `%PDF-1.4 ${name}`);
}

export interface RunningProgram {
  readonly child: ChildProcess;
  /** What it has printed so far, on both streams. */
  printed(): string;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
}

/** Runs a program of a page with Node, in a folder made by {@link readersFolder}, on an emulator in the place of the API. */
export async function runProgram(
  folder: string,
  name: string,
  source: string,
  emulator: Emulator,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningProgram> {
  const { code } = await transform(source, { loader: 'ts', target: 'node20' });
  for (const imported of importsOf(code)) {
    const link = join(folder, 'node_modules', imported);
    if (imported !== 'goal-lane')
      await symlink(resolve('node_modules', imported), link).catch(() => undefined);
  }
  await writeFile(join(folder, `${name}.mjs`), code);
  const child = spawn(process.execPath, [`${name}.mjs`], {
    cwd: folder,
    env: { ...process.env, CONVILYN_API_KEY: emulator.apiKey, CONVILYN_BASE_URL: emulator.baseUrl, ...env },
  });
  let text = '';
  const hear = (chunk: Buffer): void => {
    text += String(chunk);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return { child, printed: () => text, ended: new Promise((done) => child.once('close', done)) };
}
