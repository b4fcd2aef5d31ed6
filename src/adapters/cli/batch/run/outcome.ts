import { defined } from '../../../../services/defined.js';
import type { Failure } from '../../../../services/failure.js';
import type { ExitCode } from '../../ends/exit-code.js';
import type { EndKind } from '../progress/batch-progress.js';

/** What became of a line: a line of `batch-report.jsonl`. */
export interface Outcome {
  readonly line: number;
  readonly id: string;
  readonly workflowId: string;
  /** The state in which its job is, or `changed`, `unreadable`, `refused`, `not-started`. */
  readonly state: string;
  readonly exitCode: ExitCode;
  readonly jobSpecId?: string;
  readonly file?: string;
  readonly bytes?: number;
  /** Hex. */
  readonly sha256?: string;
  readonly verified?: boolean;
  /** How long its job was followed now. */
  readonly seconds?: number;
  /** It was done before: nothing was sent. */
  readonly skipped?: boolean;
  readonly message?: string;
  readonly failure?: Failure;
}

export const kindOf = ({ exitCode, state }: Pick<Outcome, 'exitCode' | 'state'>): EndKind => {
  if (state === 'completed') return 'saved';
  return state === 'failed' || exitCode === 1 ? 'failed' : 'left';
};

/** As it is written, in this order. */
export const reportLine = (outcome: Outcome): string => {
  const { id, line, workflowId, state, exitCode, jobSpecId, file, bytes, sha256, verified } = outcome;
  const { seconds, skipped, message, failure } = outcome;
  const told = { id, line, workflowId, state, exitCode, jobSpecId, file, bytes, sha256, verified };
  return JSON.stringify(defined({ ...told, seconds, skipped, message, failure }));
};
