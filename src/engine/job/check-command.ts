import type { JobCommand } from '../../machines/job-events.js';
import { isJobId } from '../../machines/job-id.js';
import { readGivenSlots, valueShown } from '../../machines/question/slot-value.js';
import { refuseInput } from '../../services/refuse-input.js';

/** The errors in a command of each type; its payload may be anything. */
const COMPLAINTS: Readonly<Record<JobCommand['type'], (command: object) => readonly string[]>> = {
  SUBMIT_SLOTS: (command) =>
    readGivenSlots(Reflect.get(command, 'slots')).complaints.map(({ field, message }) =>
      field === '' ? message : `slot ${field.slice(0, 200)}: ${message}`,
    ),
  ADOPT: (command) => {
    const jobSpecId: unknown = Reflect.get(command, 'jobSpecId');
    return isJobId(jobSpecId) ? [] : [`jobSpecId is ${valueShown(jobSpecId)}, which is not a valid job id`];
  },
  CONFIRM: () => [],
  RETRY: () => [],
  DETACH: () => [],
  REFRESH_DOWNLOAD: () => [],
};

const MOST_FINDINGS = 20;

function findingsIn(command: unknown): readonly string[] {
  if (typeof command !== 'object' || command === null) return [`the command is ${valueShown(command)}`];
  const type: unknown = Reflect.get(command, 'type');
  if (typeof type !== 'string' || !Object.hasOwn(COMPLAINTS, type)) {
    return [`the command's type is ${valueShown(type)}; it is one of ${Object.keys(COMPLAINTS).join(', ')}`];
  }
  // `hasOwn` has just confirmed that the type is known.
  return COMPLAINTS[type as JobCommand['type']](command);
}

/**
 * Validates a command, which may be anything in a JavaScript host. An invalid one is not sent to the job.
 * @throws InvalidInputError that names what is wrong and what is allowed
 */
export function checkCommand(command: JobCommand): JobCommand {
  const findings = findingsIn(command).slice(0, MOST_FINDINGS);
  if (findings.length > 0) refuseInput(findings, 'Fix the command and send it again; the job is unchanged.');
  return command;
}
