import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, type ExitCode, worstOf } from '../../ends/exit-code.js';
import type { CheckedLine } from '../check/check-lines.js';
import type { Spool, SpoolPlace } from '../check/spool.js';
import { type Outcome, reportLine } from './outcome.js';

/** Stores the outcomes of lines, which are too many for memory. */
export interface OutcomeBook {
  note(outcome: Outcome): Promise<void>;
  /** The highest exit code so far. */
  worst(): ExitCode;
  /** Every line in the order of the manifest, including those that were not started. */
  outcomes(lines: readonly CheckedLine[]): AsyncIterable<Outcome>;
}

const notStarted = ({ line, id, workflowId }: CheckedLine): Outcome => ({
  line,
  id,
  workflowId,
  state: 'not-started',
  exitCode: EXIT.saved,
  message: 'the batch ended before it was started',
});

export function createOutcomeBook(spool: Spool): OutcomeBook {
  const places = new Map<number, SpoolPlace>();
  let worst: ExitCode = EXIT.saved;
  return {
    async note(outcome) {
      worst = worstOf([worst, outcome.exitCode]);
      places.set(outcome.line, await spool.append(outcome));
    },
    worst: () => worst,
    async *outcomes(lines) {
      for (const line of lines) {
        const place = places.get(line.line);
        // Boundary: appended by `note`.
        yield place === undefined ? notStarted(line) : ((await spool.read(place)) as Outcome);
      }
    },
  };
}

export const REPORT_NAME = 'batch-report.jsonl';

/** Writes the report next to the results, completely or not at all. Returns its path. */
export async function writeReport(outDir: string, outcomes: AsyncIterable<Outcome>): Promise<string> {
  const path = join(outDir, REPORT_NAME);
  const part = join(outDir, `.${REPORT_NAME}.${process.pid}.part`);
  const handle = await open(part, 'w', 0o600);
  try {
    let text = '';
    for await (const outcome of outcomes) {
      text += `${reportLine(outcome)}\n`;
      if (text.length < 65_536) continue;
      await handle.write(text);
      text = '';
    }
    await handle.write(text);
    await handle.sync();
    await handle.close();
    await rename(part, path);
    return path;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}
