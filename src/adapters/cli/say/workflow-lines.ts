import type { Workflow } from '../../../services/wire/wire-types.js';
import { formatSize } from './format.js';
import { safeLine } from './terminal-safe.js';

function needsOf(workflow: Workflow): string {
  const { minFileCount, maxInputSizeBytes, supportedInputFormats } = workflow;
  const count = minFileCount ?? 1;
  const files = `${count} ${count === 1 ? 'file' : 'files'} or more`;
  const formats =
    supportedInputFormats.length > 0 ? ` (${supportedInputFormats.map(safeLine).join(', ')})` : '';
  const size = maxInputSizeBytes === undefined ? '' : `, at most ${formatSize(maxInputSizeBytes)} in all`;
  return `${files}${formats}${size}`;
}

/** A workflow as lines for people: its id, its purpose, its requirements. */
export function workflowLines(workflow: Workflow): string[] {
  const slots = workflow.requiredSlots.map(({ slotId, required }) =>
    required ? safeLine(slotId) : `${safeLine(slotId)} (optional)`,
  );
  const about = [workflow.name, workflow.description].filter((text) => text !== '').map(safeLine);
  return [
    safeLine(workflow.specId),
    ...(about.length > 0 ? [`  ${about.join(': ')}`] : []),
    `  files: ${needsOf(workflow)}`,
    ...(slots.length > 0 ? [`  slots: ${slots.join(', ')}`] : []),
  ];
}
