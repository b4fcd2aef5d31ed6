import type { SavedResult } from '../../../../machines/ports.js';
import { defined } from '../../../../services/defined.js';
import type { Failure } from '../../../../services/failure.js';
import { EXIT, type ExitCode } from '../../ends/exit-code.js';
import type { EndKind } from '../progress/batch-progress.js';

/** The outcome of a line, as in `batch-report.jsonl`. */
export interface Outcome {
  readonly line: number;
  readonly id: string;
  readonly workflowId: string;
  /** The state of its job, or `changed`, `unreadable`, `refused`, `not-started`. */
  readonly state: string;
  readonly exitCode: ExitCode;
  readonly jobSpecId?: string;
  readonly file?: string;
  readonly bytes?: number;
  /** Hex. */
  readonly sha256?: string;
  readonly verified?: boolean;
  /** How long its job was followed in this run. */
  readonly seconds?: number;
  /** It was already done: nothing was sent. */
  readonly skipped?: boolean;
  readonly message?: string;
  readonly failure?: Failure;
}

export const kindOf = ({ exitCode, state }: Pick<Outcome, 'exitCode' | 'state'>): EndKind => {
  if (state === 'completed') return 'saved';
  return state === 'failed' || exitCode === 1 ? 'failed' : 'left';
};

/** Fields in the order of the report. */
export const reportLine = (outcome: Outcome): string => {
  const { id, line, workflowId, state, exitCode, jobSpecId, file, bytes, sha256, verified } = outcome;
  const { seconds, skipped, message, failure } = outcome;
  const fields = { id, line, workflowId, state, exitCode, jobSpecId, file, bytes, sha256, verified };
  return JSON.stringify(defined({ ...fields, seconds, skipped, message, failure }));
};

/** The outcome of a line that an earlier run has finished. */
export const skippedOutcome = (
  { line, id, workflowId }: Pick<Outcome, 'line' | 'id' | 'workflowId'>,
  jobSpecId: string | undefined,
  saved: SavedResult | undefined,
): Outcome => ({
  line,
  id,
  workflowId,
  state: 'completed',
  exitCode: EXIT.saved,
  skipped: true,
  ...defined({ jobSpecId, file: saved?.file, bytes: saved?.bytes, sha256: saved?.sha256 }),
});
