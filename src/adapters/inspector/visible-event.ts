import { defined } from '../../services/defined.js';
import type { Json, VisibleEvent } from './inspection-message.js';
import { fieldsOf, flagIn, isRecord, nameIn, numberIn, type Permission, plainJson } from './visible.js';
import { visibleFailure } from './visible-context.js';

/** Of the values that are submitted, the slots' names. */
function submitted(slots: unknown, { slotValues }: Permission): Json | undefined {
  if (!isRecord(slots)) return undefined;
  return slotValues ? plainJson(slots) : Object.keys(slots).filter((slotId) => nameIn(slotId) !== undefined);
}

function visibleProgress(progress: unknown): Json | undefined {
  if (!isRecord(progress)) return undefined;
  return defined({
    sentBytes: numberIn(progress.sentBytes),
    receivedBytes: numberIn(progress.receivedBytes),
    totalBytes: numberIn(progress.totalBytes),
  });
}

/** Of a call's answer: whether it went well, when, and what kind of failure it was. */
function visibleReply(output: unknown): Json | undefined {
  if (!isRecord(output)) return undefined;
  return defined({
    ok: flagIn(output.ok),
    at: numberIn(output.at),
    failure: visibleFailure(output.failure),
  });
}

/** What is let out of an event: its type, and of its payload names and numbers. */
export function visibleEvent(event: unknown, permission: Permission): VisibleEvent {
  const fields = fieldsOf(event);
  return {
    type: nameIn(fields.type) ?? 'unknown',
    ...defined({
      slots: submitted(fields.slots, permission),
      jobSpecId: nameIn(fields.jobSpecId),
      progress: visibleProgress(fields.progress),
      output: visibleReply(fields.output),
    }),
  };
}
