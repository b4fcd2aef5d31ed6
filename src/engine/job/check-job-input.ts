import { isJobId } from '../../machines/job-id.js';
import { valueShown } from '../../machines/question/slot-value.js';
import { refuseInput } from '../../services/refuse-input.js';
import { checkJobOptions } from './check-job-options.js';

const ADVICE = 'Pass workflowId and files for a new job, or jobSpecId for one that exists.';

const isNamed = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

/**
 * Validates the input of a job, which may be anything in a JavaScript host: either a workflow with files or an existing job, and
 * valid options. Every way to start a job passes through here.
 * @throws InvalidInputError that names what is wrong and what is allowed
 */
export function checkJobInput(input: unknown): void {
  if (typeof input !== 'object' || input === null)
    refuseInput([`the job's input is ${valueShown(input)}`], ADVICE);
  const given: Readonly<Record<string, unknown>> = { ...input };
  const { workflowId, jobSpecId, files } = given;
  if (jobSpecId !== undefined) {
    if (workflowId !== undefined || files !== undefined)
      refuseInput(['jobSpecId is given together with workflowId or files'], ADVICE);
    if (!isNamed(jobSpecId)) refuseInput(['jobSpecId is empty'], ADVICE);
    if (!isJobId(jobSpecId))
      refuseInput([`jobSpecId ${valueShown(jobSpecId)} is not a valid job id`], ADVICE);
  } else {
    if (!isNamed(workflowId)) refuseInput(['workflowId is empty'], ADVICE);
    if (!Array.isArray(files) || !files.every(isNamed)) refuseInput(['files is not a list of paths'], ADVICE);
  }
  checkJobOptions(given);
}

/** Half of a character can be neither in a URL nor in a store: the job would not be found again under this id. */
const isWholeText = (text: string): boolean => {
  try {
    encodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/**
 * Validates a host's own name for a job, which ends up in events, logs, stores and URLs.
 * @throws InvalidInputError
 */
export function checkOwnId(id: unknown): void {
  if (typeof id === 'string' && isNamed(id) && isWholeText(id)) return;
  refuseInput(
    [`id is ${valueShown(id)}; allowed is text that is not empty, of whole characters`],
    'Fix the id and start again; nothing was sent.',
  );
}
