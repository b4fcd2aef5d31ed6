import type { Attributes } from '@opentelemetry/api';
import type { Position } from '../../engine/interpreter/position.js';
import { statePathOf } from '../../engine/interpreter/position.js';
import type { JobHandleEvent } from '../../engine/job/job-handle.js';
import type { JobOutput } from '../../machines/job-output.js';
import { defined } from '../../services/defined.js';
import { fieldsOf, nameIn, numberIn, wordIn } from '../inspector/visible.js';
import { visibleContext, visibleFailure } from '../inspector/visible-context.js';

/** The attributes of a phase's span: nothing that the inspector would not show. */
export function jobAttributes(position: Position): Attributes {
  const { input, jobSpecId, itemVersion } = visibleContext(position.context, {});
  return defined({
    'goal_lane.state': nameIn(statePathOf(position.value).lifecycle),
    'goal_lane.workflow.id': nameIn(fieldsOf(input).workflowId),
    'goal_lane.job.spec_id': nameIn(jobSpecId),
    'goal_lane.item_version': numberIn(itemVersion),
  });
}

/** The kind of a failure, as an attribute of metrics. */
export const failureKind = (failure: unknown): string | undefined => wordIn(visibleFailure(failure)?.kind);

/** The attributes of the end of a job. */
export function endAttributes(output: JobOutput): Attributes {
  return defined({
    'goal_lane.detach_reason': output.status === 'detached' ? wordIn(output.reason) : undefined,
    'error.type': 'failure' in output ? failureKind(output.failure) : undefined,
  });
}

/** The attributes of an event; undefined if traces do not show it. */
export function eventAttributes(event: JobHandleEvent): Attributes | undefined {
  switch (event.type) {
    case 'created':
      return defined({ 'goal_lane.job.spec_id': nameIn(event.jobSpecId) });
    case 'checkpoint':
    case 'conflictResolved':
      return defined({ 'goal_lane.item_version': numberIn(event.itemVersion) });
    case 'retrying':
      return defined({
        call: wordIn(event.call),
        attempt: numberIn(event.attempt),
        'error.type': failureKind(event.failure),
      });
    case 'rateLimited':
      return defined({ call: wordIn(event.call), 'error.type': failureKind(event.failure) });
    case 'failed':
    case 'outcomeUnknown':
      return defined({ 'error.type': failureKind(event.failure) });
    case 'detached':
      return defined({ 'goal_lane.detach_reason': wordIn(event.reason) });
    case 'completed':
      return {};
    default:
      return undefined;
  }
}
