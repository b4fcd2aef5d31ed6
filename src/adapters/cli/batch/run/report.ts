import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { looseJson } from '../../../../services/wire/loose-json.js';
import { UsageError } from '../../ends/usage-error.js';
import { safeLine } from '../../say/terminal-safe.js';
import { createIdIndex, type IdIndex } from '../check/id-index.js';
import { type Outcome, reportLine } from './outcome.js';

export const REPORT_NAME = 'batch-report.jsonl';

const BUFFER_LETTERS = 65_536;

/** The report file of a batch, next to the results. */
export interface Report {
  readonly path: string;
  /**
   * Before the first job starts: opens the report, and continues that of earlier runs or begins a new one.
   * @throws UsageError if it cannot be written
   */
  begin(options: { readonly isContinued: boolean }): Promise<void>;
  /** Whether this run or an earlier one has reported that the job was completed. */
  holds(id: string): boolean;
  /** Appends a line as soon as a job has ended. */
  add(outcome: Outcome): Promise<void>;
  /** Replaces the report by the given lines, completely or not at all. */
  replace(outcomes: AsyncIterable<Outcome>): Promise<void>;
  close(): Promise<void>;
}

async function writeAll(handle: FileHandle, outcomes: AsyncIterable<Outcome>): Promise<void> {
  let text = '';
  for await (const outcome of outcomes) {
    text += `${reportLine(outcome)}\n`;
    if (text.length < BUFFER_LETTERS) continue;
    await handle.write(text);
    text = '';
  }
  await handle.write(text);
  await handle.sync();
}

async function openFile(path: string, flags: 'a+' | 'w'): Promise<FileHandle> {
  return open(path, flags, 0o600).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `batch: the report ${safeLine(path)} cannot be written (${safeLine(why)})`,
      'Move it away, or name another folder with --out.',
    );
  });
}

/** The completed jobs of an earlier report. A last line that was cut by a kill is removed. */
async function readReport(handle: FileHandle): Promise<IdIndex> {
  const ids = createIdIndex();
  let [bytes, nth] = [0, 0];
  const { size } = await handle.stat();
  const input = handle.createReadStream({ start: 0, autoClose: false });
  let rest = '';
  for await (const part of input.setEncoding('utf8')) {
    const lines = (rest + String(part)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      bytes += Buffer.byteLength(line) + 1;
      nth += 1;
      const found = looseJson(line);
      if (typeof found !== 'object' || found === null) continue;
      const [id, state] = [Reflect.get(found, 'id'), Reflect.get(found, 'state')];
      if (typeof id === 'string' && state === 'completed') ids.add(id, nth);
    }
  }
  if (bytes < size) await handle.truncate(bytes);
  return ids;
}

export function createReport(outDir: string): Report {
  const path = join(outDir, REPORT_NAME);
  let handle: FileHandle | undefined;
  let known: IdIndex | undefined;
  return {
    path,
    async begin({ isContinued }) {
      handle = await openFile(path, isContinued ? 'a+' : 'w');
      if (isContinued) known = await readReport(handle);
    },
    holds: (id) => known?.lineOf(id) !== undefined,
    async add(outcome) {
      await handle?.appendFile(`${reportLine(outcome)}\n`);
      if (outcome.state === 'completed') known?.add(outcome.id, outcome.line);
    },
    async replace(outcomes) {
      const part = join(outDir, `.${REPORT_NAME}.${process.pid}.part`);
      const whole = await openFile(part, 'w');
      try {
        await writeAll(whole, outcomes);
        await whole.close();
        await rename(part, path);
      } catch (error) {
        await whole.close().catch(() => undefined);
        await rm(part, { force: true });
        throw error;
      }
    },
    async close() {
      await handle?.close();
    },
  };
}
