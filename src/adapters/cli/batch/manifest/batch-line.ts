import type { SlotValue } from '../../../../services/wire/wire-types.js';
import type { Answers } from '../../flags/answers-file.js';

/** One line of a manifest: one job. */
export interface BatchLine {
  /** Its line number in the manifest, from 1; for a watched folder, the number of the file. */
  readonly line: number;
  /** Its id in the store, and the name of its result folder. */
  readonly id: string;
  readonly workflowId: string;
  /** Absolute. */
  readonly files: readonly string[];
  readonly slots?: Readonly<Record<string, SlotValue>>;
  readonly answers?: Answers;
  /** Higher first. */
  readonly priority?: number;
  /** Absolute; the folder in which its result folder is created, instead of `--out`. */
  readonly out?: string;
}

/** An error in a line. */
export interface Finding {
  readonly line: number;
  /** Field name as in the manifest; empty for the whole line. */
  readonly field: string;
  /** What was found, and what is allowed. */
  readonly rule: string;
  /** True if a person could be asked for the value. */
  readonly isInputNeeded?: boolean;
}

/** A line as read, before it is interpreted. */
export interface RawLine {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Errors of the line's format. */
  readonly findings: readonly Finding[];
}
