import type { JobContext } from '../../machines/job-context.js';
import { missingSlots } from '../../machines/question/question.js';
import { type Position, statePathOf } from '../interpreter/position.js';
import type { RecordedWait } from '../store/record/job-record.js';

/** Steps in which a job waits for its turn to read or for a time, and has nothing under way that changes anything. */
const WAITS: ReadonlySet<string> = new Set(['awaitingTurn', 'rateLimited', 'backingOff']);

/** Whether a job only waits. */
export const onlyWaits = ({ value }: Pick<Position, 'value'>): boolean => WAITS.has(statePathOf(value).step);

const until = (reason: string, at: number | undefined): RecordedWait =>
  at === undefined ? { reason } : { reason, until: at };

function slotsWanted({ question }: JobContext): string {
  const names = question === undefined ? [] : missingSlots(question);
  const refused = question?.fieldErrors.map((error) => error.field) ?? [];
  const disputed = question?.conflicts.map((conflict) => conflict.slotId) ?? [];
  return [...new Set([...names, ...refused, ...disputed])].join(', ');
}

/** What a job waits for, for a list of stored jobs; undefined while it is working. */
export function waitsFor(position: Position): RecordedWait | undefined {
  const { context } = position;
  const { lifecycle, step } = statePathOf(position.value);
  if (step === 'rateLimited') return until('a rate limit', context.waitUntil);
  if (step === 'backingOff') return until('another try', context.waitUntil);
  if (step === 'awaitingSlots') return { reason: `input: ${slotsWanted(context)}` };
  if (step === 'awaitingConfirm') return { reason: 'confirmation' };
  if (step === 'outcomeUnknown') return { reason: 'a decision: was the job created?' };
  if (step === 'creating') return { reason: 'the answer to the create' };
  if (step === 'queued') return { reason: 'a place among the jobs of the key' };
  if (lifecycle === 'executing') return { reason: 'the server' };
  return undefined;
}
