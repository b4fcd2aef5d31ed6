import { checkJobInput, checkOwnId } from '../../../engine/job/check-job-input.js';
import type { JobLifecycle } from '../../../engine/job/source/job-view.js';
import { checkStartOptions } from '../../../engine/lane/check-lane-options.js';
import type { JobInput } from '../../../machines/job-input.js';
import { valueShown } from '../../../machines/question/slot-value.js';
import { refuseInput } from '../../../services/refuse-input.js';
import { isSegment } from '../check-values.js';
import type { FleetEventsOptions, FleetStartOptions } from './fleet-client.js';

const ADVICE = 'Fix the options and start again; nothing was sent.';

export const LIFECYCLE: readonly JobLifecycle[] = [
  ...(['preparing', 'pending', 'confirming', 'executing', 'slot_needed', 'downloading'] as const),
  ...(['completed', 'failed', 'detached'] as const),
];

/** A URL that grants access by itself is a secret, and inputs are stored. */
function faultIn(handle: string): string | undefined {
  if (!/^(https?|file):\/\//i.test(handle)) return undefined;
  if (!URL.canParse(handle)) return 'is not a URL';
  const { protocol, hostname, search, username, password } = new URL(handle);
  if (search !== '' || username !== '' || password !== '')
    return 'has a query or a user, which may be a secret and would be stored';
  return protocol === 'file:' && hostname !== ''
    ? 'names another machine; a file: URL is a path that every worker can read'
    : undefined;
}

/** @throws InvalidInputError that names each part of a start that cannot be meant, or must not be stored */
export function checkFleetInput(input: JobInput, { id, key, priority }: FleetStartOptions): void {
  checkStartOptions({ id, priority });
  checkJobInput(input);
  const findings = (input.files ?? []).flatMap((handle, index) => {
    const fault = faultIn(handle);
    return fault === undefined
      ? []
      : [`files[${index}] ${fault}; the workers' openFile makes other URLs from a name`];
  });
  if (!isSegment(id)) findings.push(`id is ${valueShown(id)}; allowed is any other text`);
  if (input.delivery === 'link')
    findings.push("delivery is 'link': its URL is a secret and would be stored; allowed is 'save'");
  if (key !== undefined && (typeof key !== 'string' || key.trim() === '' || !isSegment(key)))
    findings.push('key is not a name; allowed is the name of a key, never the key itself');
  if (findings.length > 0) refuseInput(findings, ADVICE);
}

/** @throws InvalidInputError for an id that no job can have */
export function checkJobId(id: unknown): void {
  checkOwnId(id);
  if (isSegment(id)) return;
  refuseInput([`the job's id is ${valueShown(id)}; allowed is the id of a job`], 'Fix it; nothing was sent.');
}

/** @throws InvalidInputError for a number that events cannot continue after */
export function checkSince({ since }: FleetEventsOptions): void {
  if (since === undefined || Number.isFinite(since)) return;
  refuseInput(
    [`since is ${valueShown(since)}; allowed is the seq of an event, or left out`],
    'Fix it and ask again.',
  );
}

/** @throws InvalidInputError for a state that no job can have */
export function checkStates(states: readonly unknown[] | undefined): void {
  const unknown = states?.filter((state) => !LIFECYCLE.some((known) => known === state)) ?? [];
  if (unknown.length === 0) return;
  refuseInput(
    [`state is ${unknown.map(valueShown).join(', ')}; allowed is ${LIFECYCLE.join(', ')}`],
    'Fix it and ask again.',
  );
}
