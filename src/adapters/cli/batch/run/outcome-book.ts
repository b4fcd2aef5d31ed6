import { EXIT, type ExitCode, worstOf } from '../../ends/exit-code.js';
import type { PlannedLine } from '../check/check-lines.js';
import type { CheckedLine } from '../check/line-table.js';
import { createPlaceList } from '../check/place-list.js';
import type { Spool } from '../check/spool.js';
import type { Outcome } from './outcome.js';

/** Stores the outcomes of lines, which are too many for memory. */
export interface OutcomeBook {
  note(outcome: Outcome): Promise<void>;
  /** The highest exit code so far. */
  worst(): ExitCode;
  /** Every line in the given order, including those that were not started. */
  outcomes(lines: Iterable<CheckedLine>): AsyncIterable<Outcome>;
}

const notStarted = ({ line: { line, id, workflowId } }: PlannedLine): Outcome => ({
  line,
  id,
  workflowId,
  state: 'not-started',
  exitCode: EXIT.saved,
  message: 'the batch ended before it was started',
});

export function createOutcomeBook(spool: Spool): OutcomeBook {
  const places = createPlaceList();
  let worst: ExitCode = EXIT.saved;
  return {
    async note(outcome) {
      worst = worstOf([worst, outcome.exitCode]);
      places.set(outcome.line, await spool.append(outcome));
    },
    worst: () => worst,
    async *outcomes(lines) {
      for (const { line, place } of lines) {
        const ended = places.get(line);
        // Boundary: appended by `note`.
        if (ended !== undefined) yield (await spool.read(ended)) as Outcome;
        // Boundary: appended by `checkLines`.
        else yield notStarted((await spool.read(place)) as PlannedLine);
      }
    },
  };
}
