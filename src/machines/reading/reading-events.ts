import type { JobContext } from '../job-context.js';
import type { JobEmitted } from '../job-events.js';
import { classifyReading, hasNoStatus, type Reading } from './classify-reading.js';
import { isIncomplete } from './merge-question.js';

/** The events to emit for a reading: changed progress, or a checkpoint that was not shown before. */
export function readingEvents(context: JobContext, reading: Reading, source: 'job' | 'status'): JobEmitted[] {
  const outcome = classifyReading(context, reading);
  if (outcome === 'stale' || outcome === 'suspect' || hasNoStatus(reading)) return [];
  const { checkpoint, statusWord: status, progress, currentStep, itemVersion } = reading;
  if (outcome === 'slot_needed') {
    if (source === 'job' && isIncomplete(context, reading)) return [];
    if (checkpoint === undefined || context.question?.checkpoint?.checkpointId === checkpoint.checkpointId)
      return [];
    return [{ type: 'checkpoint', checkpoint, ...(itemVersion === undefined ? {} : { itemVersion }) }];
  }
  const isChange =
    status !== context.statusWord || progress !== context.progress || currentStep !== context.currentStep;
  if (!isChange) return [];
  return [
    {
      type: 'progress',
      status,
      ...(progress === undefined ? {} : { progress }),
      ...(currentStep === undefined ? {} : { currentStep }),
    },
  ];
}
