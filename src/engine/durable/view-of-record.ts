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

/** The end of a job, as its chart stood there; undefined where it has not ended. */
function endPosition(record: JobRecord): Position | undefined {
  const { snapshot } = record;
  const value = fieldOf(snapshot, 'value');
  const context = fieldOf(snapshot, 'context');
  if (fieldOf(snapshot, 'status') !== 'done' || typeof value !== 'string') return undefined;
  // Boundary: a context of this record version; fields that a younger release has added begin as in a new job.
  return { value, context: { ...createJobContext(storedInput(record)), ...Object(context) } as JobContext };
}

/** Where the job stands; undefined before its first step, and in a state of another release's chart. */
function positionIn(record: JobRecord): Position | undefined {
  try {
    return endPosition(record) ?? storedPosition(record);
  } catch {
    return undefined;
  }
}

/** What the columns of the record say, where its snapshot says nothing. */
function plainView(record: JobRecord): JobView {
  const { state, tags, since, createdAt, retention, jobSpecId, progress, step, completed } = record;
  return {
    ...earlyView(storedInput(record), since ?? createdAt),
    // The states of the chart are all that a record ever had for one.
    state: state as JobLifecycle,
    path: state,
    tags,
    retention,
    ...defined({ jobSpecId, progress, currentStep: step, result: completed }),
  };
}

/** `resume (unreachable)`: why a job was let go stands in what it waits for. A create that is undecided waits for a person. */
const detachReasonOf = ({ waitsFor }: JobRecord): DetachReason =>
  // Boundary: written by `record-draft.ts`.
  (/^resume \((.+)\)$/.exec(waitsFor?.reason ?? '')?.[1] ?? 'outcome-unknown') as DetachReason;

/** A stored job as it is shown while another process drives it, or none. What it says is as old as the record. */
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
