import { camel } from '../wire/camel-case.js';

/** Fields that only people read: no program depends on their exact text. */
const SHOWN_FIELDS = new Set([
  ...['message', 'error', 'detail', 'details', 'description', 'title', 'label', 'prompt', 'name', 'msg'],
  ...['currentStep', 'step', 'stepOutputPreview', 'preview', 'filename', 'fileName', 'suggestedName'],
  ...['reason', 'serverError', 'serverMessage', 'advice', 'findings', 'words', 'warning', 'notes', 'stack'],
]);

/** Whether a field, in any spelling, is for people. */
export const isShownField = (name: string): boolean => SHOWN_FIELDS.has(camel(name));
