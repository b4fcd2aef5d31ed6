import { stat, writeFile } from 'node:fs/promises';
import { callWithRetries } from '../call-with-retries.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { UsageError } from '../ends/usage-error.js';
import type { CommonFlags } from '../flags/flags.js';
import { ReadLimitError, type ReadLimits, readBounded } from '../flags/read-bounded.js';
import { openClient } from '../jobs/command-session.js';
import { createOutput } from '../say/output.js';
import { safeLine } from '../say/terminal-safe.js';
import { catalogTypes, FIRST_WORDS } from './catalog-types.js';

export type TypesFlags = CommonFlags & { readonly out?: string; readonly check?: boolean };

/** Larger than the types of any catalog. */
const LIMITS: ReadLimits = { bytes: 16e6, ms: 15e3 };
/** A larger file is something else; one that cannot be read may still be written. */
const wordsOf = (error: unknown): string => (error instanceof ReadLimitError ? '?' : '');

/** Default file for `--check`. */
const DEFAULT_FILE = 'goal-lane.d.ts';

async function currentTypes(io: CliIo, flags: TypesFlags): Promise<string> {
  const output = createOutput(io, false);
  const { client } = openClient(io, flags);
  const { signal } = io.interruption;
  try {
    const onWait = ({ failure }: { failure: { message: string } }): void =>
      output.last.line(`${safeLine(failure.message)}; trying again`);
    return catalogTypes(await callWithRetries(() => client.loadCatalog({}, { signal }), { signal, onWait }));
  } finally {
    client.close();
  }
}

async function check(io: CliIo, file: string, types: string): Promise<ExitCode> {
  const written = await readBounded(file, LIMITS).then(String, () => undefined);
  if (written === types) {
    io.stderr.write(`${safeLine(file)} is what the catalog says now.\n`);
    return EXIT.saved;
  }
  const why = written === undefined ? 'cannot be read' : 'is not what the catalog says now';
  throw new UsageError(`${file} ${why}`, `Write it again: goal-lane types --out ${file}`);
}

/**
 * `goal-lane types`: the catalog as TypeScript types, on stdout or in a file.
 * @throws UsageError if the file cannot be written, or with `--check` is not up to date
 */
export async function writeTypes(io: CliIo, flags: TypesFlags): Promise<ExitCode> {
  const { out } = flags;
  if (out?.trim() === '')
    throw new UsageError('--out: the file has no name', 'Name a file such as goal-lane.d.ts.');
  const types = await currentTypes(io, flags);
  if (flags.check === true) return check(io, out ?? DEFAULT_FILE, types);
  if (out === undefined) {
    io.stdout.write(types);
    return EXIT.saved;
  }
  // A pipe has no content yet, and reading it would wait for a writer.
  const isFile = (await stat(out).catch(() => undefined))?.isFile() === true;
  const before = isFile ? await readBounded(out, LIMITS).then(String, wordsOf) : '';
  if (before !== '' && !before.startsWith(FIRST_WORDS))
    throw new UsageError(`--out ${out}: holds something else`, 'Name a file that does not exist yet.');
  try {
    await writeFile(out, types);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--out ${out}: cannot be written (${why})`, 'Name a file that you may write to.');
  }
  io.stderr.write(`Wrote ${safeLine(out)}\n`);
  return EXIT.saved;
}
