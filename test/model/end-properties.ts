import type { JobContext } from '../../src/machines/index.js';
import type { EnvironmentEvent } from './environment.js';
import type { Fresh } from './explore.js';
import type { StepProperty } from './step-properties.js';

const failureIn = (event: EnvironmentEvent): string | undefined => {
  const { output } = event;
  if (typeof output !== 'object' || output === null || !('failure' in output)) return undefined;
  const { failure } = output;
  return typeof failure === 'object' &&
    failure !== null &&
    'kind' in failure &&
    typeof failure.kind === 'string'
    ? failure.kind
    : undefined;
};

/** `completed` is said when the result is there, and not before. */
function completion({ made, event }: Fresh): string | undefined {
  const { input, saved, download } = made.context;
  const last = (input.delivery ?? 'save') === 'save' ? 'saveResult' : 'getDownload';
  const isThere = input.delivery === 'link' ? download !== undefined : saved !== undefined;
  return event.by === 'answer' && event.src === last && isThere ? undefined : `completed by ${event.label}`;
}

/** Law 7: `failed` means that the API said so, or that no job came to be. */
function failing({ from, made, event }: Fresh): string | undefined {
  const { failure, jobSpecId } = made.context;
  if (failure === undefined) return 'failed without saying why';
  if (
    event.by === 'answer' &&
    ['getStatus', 'getJob'].includes(event.src ?? '') &&
    failure.kind === 'job-failed'
  )
    return undefined;
  if (jobSpecId !== undefined) return `disowns a job that may live, after ${event.label}`;
  const isInDoubt = from.context.failure?.kind === 'outcome-unknown' && event.src !== 'createJob';
  if (isInDoubt || made.context.mayExist)
    return `disowns a job that may have been created, after ${event.label}`;
  if (event.by === 'crash')
    return failure.kind === 'internal' ? undefined : `a crash reported as ${failure.kind}`;
  if (event.by === 'answer') {
    const isBadInput = event.src === 'loadCatalog' && failure.kind === 'invalid-input';
    return isBadInput ? undefined : `failed by ${event.label} as ${failure.kind}`;
  }
  return event.by === 'refusal' ? undefined : `failed by ${event.label}`;
}

/** Each reason to detach has its own causes. */
const LETTING_GO: Readonly<
  Record<NonNullable<JobContext['detachReason']>, (event: EnvironmentEvent, context: JobContext) => boolean>
> = {
  requested: (event) => event.type === 'DETACH',
  'max-wait': (event, { input }) =>
    input.deadlineAt !== undefined && (event.by === 'refusal' || event.src === 'deadline'),
  'input-needed': (_, { input, failure }) =>
    input.missingSlots === 'fail' && failure?.kind === 'invalid-input',
  unreachable: (event, context) =>
    event.by !== 'host' && context.jobSpecId !== undefined && context.failure !== undefined,
  'local-failure': (event, { jobSpecId, failure }) =>
    (event.by === 'crash' || event.by === 'refusal') && jobSpecId !== undefined && failure !== undefined,
  'outcome-unknown': (event, { jobSpecId, failure }) =>
    (event.type === 'DETACH' || event.by === 'crash' || event.by === 'refusal') &&
    jobSpecId === undefined &&
    failure?.kind === 'outcome-unknown',
  'key-refused': (event, context) => failureIn(event) === 'key-refused' && context.jobSpecId !== undefined,
};

function lettingGo({ from, made, event }: Fresh): string | undefined {
  const { detachReason, failure } = made.context;
  if (detachReason === undefined) return 'detaches without a reason';
  if (!LETTING_GO[detachReason](event, made.context)) return `detaches as ${detachReason} by ${event.label}`;
  const leftACreate =
    JSON.stringify(from.value).includes('"creating"') && event.by !== 'answer' && event.by !== 'refusal';
  return leftACreate && failure?.kind !== 'outcome-unknown'
    ? 'does not report the create in flight'
    : undefined;
}

/** Final states are reached by the ways that the design allows, and by no other. */
export const endsAsAllowed: StepProperty = (edge) => {
  const { made, from } = edge;
  if (made.status === 'active' || from.status !== 'active') return undefined;
  if (made.status === 'error') return `the machine broke: ${String(made.error)}`;
  if (made.value === 'completed') return completion(edge);
  return made.value === 'failed' ? failing(edge) : lettingGo(edge);
};
