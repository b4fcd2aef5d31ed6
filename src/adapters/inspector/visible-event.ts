import { defined } from '../../services/defined.js';
import type { Json, VisibleEvent } from './inspection-message.js';
import { fieldsOf, flagIn, isRecord, nameIn, numberIn, type Permission, plainJson } from './visible.js';
import { visibleFailure } from './visible-context.js';

/** Only the slot ids of submitted values. */
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

/** Of a call's reply: whether it succeeded, when, and the kind of failure. */
function visibleReply(output: unknown): Json | undefined {
  if (!isRecord(output)) return undefined;
  return defined({
    ok: flagIn(output.ok),
    at: numberIn(output.at),
    failure: visibleFailure(output.failure),
  });
}

/** The visible parts of an event: its type, and names and numbers of its payload. */
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
