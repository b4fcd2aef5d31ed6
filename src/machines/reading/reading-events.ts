import type { JobContext } from '../job-context.js';
import type { JobEmitted } from '../job-events.js';
import { chartCourse, isHalfTold, isUnsaid, type Reading } from './course.js';

/** What a reading is worth telling: progress that changed, and a checkpoint that was not shown before. */
export function readingEvents(context: JobContext, reading: Reading, source: 'job' | 'status'): JobEmitted[] {
  const course = chartCourse(context, reading);
  if (course === 'stale' || course === 'suspect' || isUnsaid(reading)) return [];
  const { checkpoint, statusWord: status, progress, currentStep, itemVersion } = reading;
  if (course === 'slot_needed') {
    if (source === 'job' && isHalfTold(context, reading)) return [];
    if (checkpoint === undefined || context.question?.checkpoint?.checkpointId === checkpoint.checkpointId)
      return [];
    return [{ type: 'checkpoint', checkpoint, ...(itemVersion === undefined ? {} : { itemVersion }) }];
  }
  const isNews =
    status !== context.statusWord || progress !== context.progress || currentStep !== context.currentStep;
  if (!isNews) return [];
  return [
    {
      type: 'progress',
      status,
      ...(progress === undefined ? {} : { progress }),
      ...(currentStep === undefined ? {} : { currentStep }),
    },
  ];
}
