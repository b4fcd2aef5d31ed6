import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import type { CliIo } from '../../cli-io.js';
import { UsageError } from '../../ends/usage-error.js';
import { safeLine } from '../../say/terminal-safe.js';
import type { RawLine } from './batch-line.js';
import { csvLines } from './csv-lines.js';
import { jsonlLines } from './jsonl-lines.js';
import { textOfStream } from './text-of-stream.js';

/** The source of a batch's lines. */
export interface Manifest {
  /** Absolute; its paths are relative to it. */
  readonly folder: string;
  /** Name for messages. */
  readonly name: string;
  /** Can be called once; streams the lines. @throws UsageError if the text cannot be read */
  lines(): AsyncIterable<RawLine>;
}

const FORM = 'Name a file of JSON lines (.jsonl) or of comma-separated values (.csv), or - for stdin.';

const whyOf = (error: unknown): string => safeLine(error instanceof Error ? error.message : String(error));

/** The format follows from the name, or else from the first character: no header of a CSV begins with a brace. */
async function* inEitherForm(text: AsyncGenerator<string>): AsyncGenerator<RawLine> {
  let head = '';
  while (head.replace(/^\ufeff/, '').trim() === '') {
    const { value, done } = await text.next();
    if (done === true) return;
    head += value;
  }
  async function* all(): AsyncGenerator<string> {
    yield head;
    yield* text;
  }
  yield* /^\ufeff?\s*[{[]/.test(head) ? jsonlLines(all()) : csvLines(all());
}

async function* named(name: string, lines: AsyncIterable<RawLine>): AsyncGenerator<RawLine> {
  try {
    yield* lines;
  } catch (error) {
    const why =
      error instanceof TypeError ? 'neither UTF-8 nor UTF-16 text' : `cannot be read (${whyOf(error)})`;
    throw new UsageError(`batch ${name}: ${why}`, FORM);
  }
}

function linesOf(name: string, text: AsyncGenerator<string>): AsyncIterable<RawLine> {
  const form = extname(name).toLowerCase();
  if (form === '.csv') return csvLines(text);
  return form === '.jsonl' || form === '.ndjson' ? jsonlLines(text) : inEitherForm(text);
}

/**
 * A manifest in a file or on stdin (`-`).
 * @throws UsageError if it is not a manifest
 */
export async function openManifest(io: Pick<CliIo, 'stdin'>, path: string): Promise<Manifest> {
  const name = path === '-' ? 'stdin' : safeLine(path);
  if (path === '-') {
    if (io.stdin.isTTY === true)
      throw new UsageError('batch -: stdin is a terminal', 'Pipe the manifest into it.');
    const lines = () => named(name, linesOf('', textOfStream(io.stdin)));
    return { name, folder: process.cwd(), lines };
  }
  const stats = await stat(path).catch((error: unknown) => {
    throw new UsageError(`batch ${name}: cannot be read (${whyOf(error)})`, FORM);
  });
  if (stats.isDirectory())
    throw new UsageError(`batch ${name}: it is a folder`, `${FORM} For the files of a folder: --watch.`);
  const lines = () => named(name, linesOf(path, textOfStream(createReadStream(path))));
  return { name, folder: dirname(resolve(path)), lines };
}

/** Files on the command line instead of a manifest: one job each, or one for all. */
export function manifestOfFiles(workflowId: string, files: readonly string[], isTogether: boolean): Manifest {
  async function* lines(): AsyncGenerator<RawLine> {
    const jobs = isTogether ? [files] : files.map((file) => [file]);
    for (const [at, list] of jobs.entries())
      yield { line: at + 1, fields: { workflowId, files: list }, findings: [] };
  }
  return { name: 'the command line', folder: process.cwd(), lines };
}
