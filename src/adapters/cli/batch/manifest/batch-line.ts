import type { SlotValue } from '../../../../services/wire/wire-types.js';
import type { Answers } from '../../flags/answers-file.js';

/** One line of a manifest: one job. */
export interface BatchLine {
  /** Where it stands in the manifest, from 1; of a folder that is watched, the how manieth file. */
  readonly line: number;
  /** Its name in the store, and of the folder of its result. */
  readonly id: string;
  readonly workflowId: string;
  /** Absolute. */
  readonly files: readonly string[];
  readonly slots?: Readonly<Record<string, SlotValue>>;
  readonly answers?: Answers;
  /** Higher first. */
  readonly priority?: number;
  /** Absolute; the folder in which its own folder is made, in the place of `--out`. */
  readonly out?: string;
}

/** What is wrong with a line. */
export interface Finding {
  readonly line: number;
  /** As the manifest spells it; empty for the line as a whole. */
  readonly field: string;
  /** What is there, and what is allowed. */
  readonly rule: string;
  /** A value that could be asked for, were a person there. */
  readonly isInputNeeded?: boolean;
}

/** A line as it was read, before anything was made of it. */
export interface RawLine {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What is wrong with the line as a line. */
  readonly findings: readonly Finding[];
}
