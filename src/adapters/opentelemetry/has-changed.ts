import { type Position, statePathOf } from '../../engine/interpreter/position.js';

/** A polled job goes through these states every two seconds. */
const TICKS: ReadonlySet<string> = new Set(['awaitingTurn', 'reading']);

const stepOf = ({ value }: Position): string => {
  const { lifecycle, step } = statePathOf(value);
  return TICKS.has(step) ? lifecycle : `${lifecycle}.${step}`;
};

const visibleFieldsOf = ({ context }: Position): readonly unknown[] => {
  const { statusWord, progress, currentStep, itemVersion, jobSpecId, question, failure, download } = context;
  return [statusWord, progress, currentStep, itemVersion, jobSpecId, question, failure, download];
};

/** Whether a job has changed, instead of only having read its status again. */
export function hasChanged(before: Position, after: Position): boolean {
  if (stepOf(before) !== stepOf(after)) return true;
  const [known, now] = [visibleFieldsOf(before), visibleFieldsOf(after)];
  return known.some((value, index) => !Object.is(value, now[index]));
}
