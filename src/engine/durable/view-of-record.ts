import type { JobContext } from '../../machines/job-context.js';
import { createJobContext } from '../../machines/job-context.js';
import type { DetachReason } from '../../machines/job-output.js';
import { defined } from '../../services/defined.js';
import type { Position } from '../interpreter/position.js';
import type { JobLifecycle, JobView } from '../job/source/job-view.js';
import { earlyView, endedView } from '../job/view/early-view.js';
import { viewWith } from '../job/view/view-of.js';
import type { JobRecord } from '../store/record/job-record.js';
import { storedInput, storedPosition } from './resumed-position.js';

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** The final position of a job in its chart; undefined if it has not ended. */
function endPosition(record: JobRecord): Position | undefined {
  const { snapshot } = record;
  const value = fieldOf(snapshot, 'value');
  const context = fieldOf(snapshot, 'context');
  if (fieldOf(snapshot, 'status') !== 'done' || typeof value !== 'string') return undefined;
  // Boundary: a context of this record version; fields that a newer release has added get the values of a new job.
  return { value, context: { ...createJobContext(storedInput(record)), ...Object(context) } as JobContext };
}

/** The position of the job in the chart; undefined before its first step, and for a state of another release's chart. */
function positionIn(record: JobRecord): Position | undefined {
  try {
    return endPosition(record) ?? storedPosition(record);
  } catch {
    return undefined;
  }
}

/** The view from the columns of the record, if its snapshot cannot be used. */
function plainView(record: JobRecord): JobView {
  const { state, tags, since, createdAt, retention, jobSpecId, progress, step, completed } = record;
  return {
    ...earlyView(storedInput(record), since ?? createdAt),
    // Boundary: a record never stores other states than those of the chart.
    state: state as JobLifecycle,
    path: state,
    tags,
    retention,
    ...defined({ jobSpecId, progress, currentStep: step, result: completed }),
  };
}

/**
 * `resume (unreachable)`: the reason for which a job was detached is stored in what it waits for. An undecided create waits for a
 * person.
 */
const detachReasonOf = ({ waitsFor }: JobRecord): DetachReason =>
  // Boundary: written by `record-draft.ts`.
  (/^resume \((.+)\)$/.exec(waitsFor?.reason ?? '')?.[1] ?? 'outcome-unknown') as DetachReason;

/** The view of a stored job, for showing it while another process or none drives it. It is as old as the record. */
export function viewOfRecord(record: JobRecord): JobView {
  const { since, tags, retention, state } = record;
  const position = positionIn(record);
  const view =
    position === undefined
      ? plainView(record)
      : viewWith({ ...position, tags }, defined({ since, waitSince: since, retention }));
  if (state !== 'detached' || view.state === 'detached') return view;
  const reason = detachReasonOf(record);
  const ended = endedView(view, { status: 'detached', reason }, since ?? record.updatedAt);
  return view.failure === undefined ? ended : { ...ended, failure: view.failure };
}
