import type { Failure } from '../services/failure.js';
import type { Workflow } from '../services/wire/wire-types.js';
import { firstFew, shortName } from './first-few.js';
import type { NewJobInput } from './job-input.js';
import type { FileFacts } from './ports.js';
import { isBlank, preparedValue } from './question/question.js';

const listed = (names: readonly string[]): string => firstFew(names.map(shortName)).join(', ');

const extensionOf = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
};

const ALLOW_EMPTY = " (sent only with emptyFiles: 'allow', --allow-empty)";
const ALLOW_REPEATED = " (sent only with repeatedFiles: 'allow', --allow-repeated)";

/** Inputs that are more often mistakes than intended. One file can have several paths. */
function oddFiles({ emptyFiles, repeatedFiles }: NewJobInput, files: readonly FileFacts[]): string[] {
  const findings: string[] = [];
  if (emptyFiles !== 'allow') {
    for (const { name, bytes } of files)
      if (bytes === 0) findings.push(`${shortName(name)}: it is empty${ALLOW_EMPTY}`);
  }
  if (repeatedFiles === 'allow') return findings;
  const seen = new Map<string, string>();
  for (const { handle, identity = handle } of files) {
    const before = seen.get(identity);
    if (before !== undefined)
      findings.push(
        before === handle
          ? `${shortName(handle)}: it is given twice${ALLOW_REPEATED}`
          : `${shortName(handle)}: it is the same file as ${shortName(before)}${ALLOW_REPEATED}`,
      );
    else seen.set(identity, handle);
  }
  return findings;
}

function fileFindings(workflow: Workflow, files: readonly FileFacts[]): string[] {
  const findings: string[] = [];
  const formats = workflow.supportedInputFormats;
  for (const file of files) {
    if (formats.length > 0 && !formats.includes('*') && !formats.includes(extensionOf(file.name))) {
      findings.push(
        `${file.name}: its extension is not one of ${listed(formats.map((format) => `.${format}`))}`,
      );
    }
  }
  const least = workflow.minFileCount ?? 0;
  if (files.length < least) findings.push(`${files.length} file(s) given, at least ${least} needed`);
  return findings;
}

function sizeFindings(workflow: Workflow, files: readonly FileFacts[]): string[] {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const most = workflow.maxInputSizeBytes;
  if (most === undefined || total <= most) return [];
  const names = listed(files.map((file) => `${file.name} (${file.bytes} bytes)`));
  return [`${names}: ${total} bytes in all, at most ${most} allowed`];
}

/**
 * If the catalog lists slots, a value for any other slot is a typing error. If it lists none, the value can only be for a
 * checkpoint.
 */
function slotFindings(workflow: Workflow, input: NewJobInput): { unknown: string[]; missing: string[] } {
  const known = workflow.requiredSlots.map((slot) => slot.slotId);
  const given = Object.keys(input.slots ?? {});
  const unknown = known.length === 0 ? [] : given.filter((slotId) => !known.includes(slotId));
  const missing = workflow.requiredSlots
    .filter((slot) => slot.required && isBlank(slot.value) && isBlank(preparedValue(input, {}, slot)))
    .map((slot) => slot.slotId);
  return { unknown, missing: input.missingSlots === 'fail' ? missing : [] };
}

function refusal(kind: Failure['kind'], all: readonly string[], advice: string): Failure {
  const findings = firstFew(all);
  return { kind, message: findings.join('; '), advice, delivery: 'not-sent', findings };
}

/** The result of checking a job before anything is uploaded: names the file or slot, the rule and the limit. */
export type Validation =
  | { readonly result: 'ok'; readonly workflow: Workflow }
  | { readonly result: 'invalid' | 'input-needed'; readonly failure: Failure };

const refused = (
  result: 'invalid' | 'input-needed',
  findings: readonly string[],
  advice: string,
): Validation => ({ result, failure: refusal('invalid-input', findings, advice) });

const unknownSlot = (slotId: string, { specId, requiredSlots }: Workflow): string => {
  const slotIds = listed(requiredSlots.map((slot) => slot.slotId));
  return `slot ${shortName(slotId)}: unknown; ${specId} asks for ${slotIds} (for a slot of a checkpoint, give the value in answers, --answers)`;
};

/** Checks a job against the catalog ("Step 1: Workflow Catalog"). */
export function validateJob(
  input: NewJobInput,
  catalog: readonly Workflow[],
  files: readonly FileFacts[],
): Validation {
  const workflow = catalog.find((item) => item.specId === input.workflowId);
  if (workflow === undefined) {
    const known = listed(catalog.map((item) => item.specId));
    const findings = [`workflow ${shortName(input.workflowId)} is not in the catalog`];
    return refused('invalid', findings, `Choose one of: ${known || '(the catalog is empty)'}.`);
  }
  const { unknown, missing } = slotFindings(workflow, input);
  const findings = [
    ...fileFindings(workflow, files),
    ...oddFiles(input, files),
    ...sizeFindings(workflow, files),
    ...unknown.map((slotId) => unknownSlot(slotId, workflow)),
  ];
  const absent = missing.map(
    (slotId) => `slot ${shortName(slotId)}: required by ${workflow.specId} and not given`,
  );
  if (findings.length > 0)
    return refused('invalid', [...findings, ...absent], 'Fix the input and start again; nothing was sent.');
  if (absent.length > 0)
    return refused('input-needed', absent, 'Give a value for each slot and start again; nothing was sent.');
  return { result: 'ok', workflow };
}
