import type { JobOptions } from '../../../../machines/job-input.js';
import type { FileFacts } from '../../../../machines/ports.js';
import { takesSeveral } from '../../../../machines/question/question.js';
import { slotIn, valueShown } from '../../../../machines/question/slot-value.js';
import { validateJob } from '../../../../machines/validate-job.js';
import type { SlotDefinition, SlotValue, Workflow } from '../../../../services/wire/wire-types.js';
import { safeLine } from '../../say/terminal-safe.js';
import type { BatchLine, Finding } from '../manifest/batch-line.js';

/** The options for the job of a line: values of the line take precedence over the flags, which apply to all lines. */
export function optionsOf(line: BatchLine, common: JobOptions): JobOptions {
  const without = (values: object | undefined, others: object | undefined) =>
    Object.fromEntries(
      Object.entries(values ?? {}).filter(([slotId]) => !Object.hasOwn(others ?? {}, slotId)),
    );
  const slots = { ...without(common.slots, line.answers), ...line.slots };
  const answers = { ...without(common.answers, line.slots), ...line.answers };
  return {
    ...common,
    ...(Object.keys(slots).length > 0 ? { slots } : {}),
    ...(Object.keys(answers).length > 0 ? { answers } : {}),
  };
}

/** Compared as text, because the cells of a CSV are text, whatever the catalog lists. */
const isAllowed = (slot: SlotDefinition, value: SlotValue): boolean => {
  if (takesSeveral(slot) && Array.isArray(value)) return value.every((entry) => isAllowed(slot, entry));
  return slot.options?.some((option) => String(option) === String(value)) ?? true;
};

const MOST_SHOWN = 20;

function valueFindings(line: BatchLine, workflow: Workflow, options: JobOptions): Finding[] {
  return workflow.requiredSlots.flatMap((slot) => {
    const value = slotIn(options.slots, slot.slotId);
    if (value === undefined || value === null || (slot.options ?? []).length === 0 || isAllowed(slot, value))
      return [];
    const allowed = (slot.options ?? []).slice(0, MOST_SHOWN).map((option) => valueShown(option));
    const rule = `is ${valueShown(value)}; allowed is ${allowed.join(' or ')}`;
    return [{ line: line.line, field: `slots.${safeLine(slot.slotId)}`, rule: safeLine(rule) }];
  });
}

/** The workflow without its rules for files, so that only slots are checked. */
const withoutFileRules = ({ maxInputSizeBytes: _, ...workflow }: Workflow): Workflow => ({
  ...workflow,
  supportedInputFormats: [],
  minFileCount: 0,
});

/** All findings of the catalog for a line ("Step 1: Workflow Catalog"). Pure. */
export function catalogFindings(
  line: BatchLine,
  catalog: readonly Workflow[],
  files: readonly FileFacts[],
  options: JobOptions,
): readonly Finding[] {
  const { workflowId } = line;
  const workflow = catalog.find(({ specId }) => specId === workflowId);
  const { emptyFiles, repeatedFiles } = options;
  const bare = {
    workflowId,
    files: line.files,
    ...(emptyFiles ? { emptyFiles } : {}),
    ...(repeatedFiles ? { repeatedFiles } : {}),
  };
  const ofFiles = validateJob(bare, catalog, files);
  const said = (field: string, rule: string): Finding => ({
    line: line.line,
    field,
    rule: safeLine(rule),
  });
  if (workflow === undefined) {
    if (ofFiles.result === 'ok') return [];
    return [said('workflowId', `${ofFiles.failure.message}. ${ofFiles.failure.advice}`)];
  }
  const ofSlots = validateJob({ ...options, workflowId, files: [] }, [withoutFileRules(workflow)], []);
  const isInputNeeded = ofSlots.result === 'input-needed';
  return [
    ...(ofFiles.result === 'ok' ? [] : (ofFiles.failure.findings ?? []).map((rule) => said('files', rule))),
    ...(ofSlots.result === 'ok'
      ? []
      : (ofSlots.failure.findings ?? []).map((rule) => ({
          ...said('slots', rule),
          ...(isInputNeeded ? { isInputNeeded } : {}),
        }))),
    ...valueFindings(line, workflow, options),
  ];
}
