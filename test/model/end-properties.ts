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

const HEALING = new Set(['network', 'server', 'bad-response', 'aborted', 'rate-limited', 'key-refused']);

/** `failed` by the server's word, by bad input, by a refusal that will not heal, or by a host's function that throws. */
function failing({ made, event }: Fresh): string | undefined {
  const { failure, jobSpecId } = made.context;
  if (failure === undefined) return 'failed without saying why';
  if (event.by === 'crash')
    return failure.kind === 'internal' ? undefined : `a crash told as ${failure.kind}`;
  if (event.by === 'answer') {
    const said = ['getStatus', 'getJob'].includes(event.src ?? '') && failure.kind === 'job-failed';
    const isBadInput = event.src === 'loadCatalog' && failure.kind === 'invalid-input';
    return said || isBadInput ? undefined : `failed by ${event.label} as ${failure.kind}`;
  }
  if (event.by !== 'refusal') return `failed by ${event.label}`;
  if (jobSpecId !== undefined && HEALING.has(failureIn(event) ?? ''))
    return `gives a running job up for lost after ${event.label}`;
  return undefined;
}

/** Each reason for letting go has its own causes. */
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
  'outcome-unknown': (event, { jobSpecId, failure }) =>
    (event.type === 'DETACH' || event.src === 'createJob') &&
    jobSpecId === undefined &&
    failure?.kind === 'outcome-unknown',
  'key-refused': (event, context) => failureIn(event) === 'key-refused' && context.jobSpecId !== undefined,
};

function lettingGo({ from, made, event }: Fresh): string | undefined {
  const { detachReason, failure } = made.context;
  if (detachReason === undefined) return 'lets go without a reason';
  if (!LETTING_GO[detachReason](event, made.context)) return `lets go as ${detachReason} by ${event.label}`;
  const leftACreate =
    JSON.stringify(from.value).includes('"creating"') && event.by !== 'answer' && event.by !== 'refusal';
  return leftACreate && failure?.kind !== 'outcome-unknown'
    ? 'does not tell of the create in flight'
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
