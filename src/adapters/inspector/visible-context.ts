import { defined } from '../../services/defined.js';
import type { JsonObject } from './inspection-message.js';
import {
  fieldsOf,
  flagIn,
  isRecord,
  itemsOf,
  nameIn,
  numberIn,
  type Permission,
  plainJson,
  wordIn,
} from './visible.js';

/**
 * The status words of the API ("Step 6: Poll for Status", "Step 7: Interactive Checkpoints"); other words of the server are not
 * shown.
 */
const STATUS_WORDS = new Set(['pending', 'confirming', 'executing', 'slot_needed', 'completed', 'failed']);

const statusIn = (value: unknown): string | undefined =>
  typeof value !== 'string' ? undefined : STATUS_WORDS.has(value) ? value : 'other';

const sumOf = (values: readonly unknown[]): number =>
  values.reduce<number>((sum, value) => sum + (numberIn(value) ?? 0), 0);

/** Kind and numbers of a failure; its message, path and advice may quote anything. */
export function visibleFailure(failure: unknown): JsonObject | undefined {
  if (!isRecord(failure)) return undefined;
  return defined({
    kind: wordIn(failure.kind),
    status: numberIn(failure.status),
    delivery: wordIn(failure.delivery),
    retryAt: numberIn(failure.retryAt),
  });
}

const slotIds = (slots: unknown): string[] =>
  itemsOf(slots).flatMap((slot) => nameIn(fieldsOf(slot).slotId) ?? []);

function visibleQuestion(question: unknown, { slotValues }: Permission): JsonObject | undefined {
  if (!isRecord(question)) return undefined;
  return defined({
    checkpointId: nameIn(fieldsOf(question.checkpoint).checkpointId),
    slots: slotIds(question.slots),
    fieldErrors: itemsOf(question.fieldErrors).length,
    conflicts: slotIds(question.conflicts),
    uncertain: flagIn(question.uncertain),
    values: slotValues ? plainJson(question.values) : undefined,
  });
}

function visibleSetbacks(setbacks: unknown): JsonObject {
  const rows = Object.entries(fieldsOf(setbacks)).map(([call, setback]) => {
    const { attempts, until, failure } = fieldsOf(setback);
    return [
      call,
      defined({
        attempts: numberIn(attempts),
        until: numberIn(until),
        kind: wordIn(fieldsOf(failure).kind),
      }),
    ] as const;
  });
  return Object.fromEntries(rows.filter(([call]) => wordIn(call) !== undefined));
}

function visibleInput(input: unknown, { slotValues }: Permission): JsonObject {
  const fields = fieldsOf(input);
  return defined({
    workflowId: nameIn(fields.workflowId),
    confirm: wordIn(fields.confirm),
    delivery: wordIn(fields.delivery),
    deadlineAt: numberIn(fields.deadlineAt),
    slots: slotValues ? plainJson(fields.slots ?? {}) : undefined,
    answers: slotValues ? plainJson(fields.answers ?? {}) : undefined,
  });
}

/**
 * The visible parts of a job's context: ids, our own words, numbers and times. Everything else stays hidden, including future
 * fields.
 */
export function visibleContext(context: unknown, permission: Permission): JsonObject {
  const fields = fieldsOf(context);
  const files = itemsOf(fields.files);
  return defined({
    input: visibleInput(fields.input, permission),
    files: files.length,
    bytes: sumOf(files.map((file) => fieldsOf(file).bytes)),
    uploaded: itemsOf(fields.uploads).filter((upload) => upload !== null).length,
    jobSpecId: nameIn(fields.jobSpecId),
    itemVersion: numberIn(fields.itemVersion),
    sentVersion: numberIn(fields.sentVersion),
    versionDoubted: flagIn(fields.versionDoubted),
    status: statusIn(fields.statusWord),
    progress: numberIn(fields.progress),
    question: visibleQuestion(fields.question, permission),
    staleReadings: numberIn(fields.staleReadings),
    startAllowed: flagIn(fields.startAllowed),
    lastReadAt: numberIn(fields.lastReadAt),
    interrupted: wordIn(fields.interrupted),
    waitUntil: numberIn(fields.waitUntil),
    setbacks: visibleSetbacks(fields.setbacks),
    downloadExpiresAt: numberIn(fieldsOf(fields.download).expiresAt),
    resultKeptUntil: numberIn(fields.resultKeptUntil),
    savedBytes: numberIn(fieldsOf(fields.saved).bytes),
    failure: visibleFailure(fields.failure),
    detachReason: wordIn(fields.detachReason),
    outcome: wordIn(fields.outcome),
  });
}

/** The visible part of a job's output. */
export function visibleOutput(output: unknown): JsonObject | undefined {
  if (!isRecord(output)) return undefined;
  return defined({
    status: wordIn(output.status),
    jobSpecId: nameIn(output.jobSpecId),
    reason: wordIn(output.reason),
    failure: visibleFailure(output.failure),
  });
}
