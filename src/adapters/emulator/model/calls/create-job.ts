import { type Answer, apiError, type FieldProblem, validationError } from '../api-error.js';
import { jobView } from '../job-views.js';
import { newId } from '../new-id.js';
import { runningJobs } from '../past.js';
import { jsonObject } from '../read-body.js';
import type { EmulatedWorkflow } from '../workflow.js';
import type { KeyRecord, RemoteJob, StoredFile } from '../world.js';
import type { AnswerCall, Call } from './call.js';

const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

function findFiles(
  key: KeyRecord,
  fileIds: readonly unknown[],
  now: number,
): { readonly files: readonly StoredFile[]; readonly problems: readonly FieldProblem[] } {
  const files: StoredFile[] = [];
  const problems: FieldProblem[] = [];
  for (const [index, fileId] of fileIds.entries()) {
    const file = typeof fileId === 'string' ? key.files.get(fileId) : undefined;
    const field = `fileIds[${index}]`;
    if (file === undefined)
      problems.push({ field, message: `there is no file ${String(fileId).slice(0, 80)}` });
    else if (!file.used && file.expiresAt <= now)
      problems.push({ field, message: `file ${file.fileId} has expired; upload it again` });
    else files.push(file);
  }
  return { files, problems };
}

function fileProblems(workflow: EmulatedWorkflow, files: readonly StoredFile[]): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const formats = workflow.supportedInputFormats;
  const say = (message: string): void => void problems.push({ field: 'fileIds', message });
  if (files.length < workflow.minFileCount)
    say(`${workflow.specId} needs at least ${workflow.minFileCount} files, got ${files.length}`);
  for (const file of files) {
    // A name that was never read cannot be checked.
    if (formats.length > 0 && file.name !== '' && !formats.includes(extensionOf(file.name)))
      say(`${file.fileId} is none of ${formats.join(', ')}`);
  }
  const total = files.reduce((sum, file) => sum + file.size, 0);
  if (total > workflow.maxInputSizeBytes)
    say(`the files have ${total} bytes together, more than ${workflow.maxInputSizeBytes}`);
  return problems;
}

/** A 429 that is not about requests: its reset headers are those of the daily creations. */
export const tooManyJobs = (limit: number): Answer =>
  apiError(429, 'too_many_concurrent_jobs', `Too many concurrent jobs: ${limit} of ${limit} are running`);

/** Whether one more job would exceed the limit. */
export const isCrowded = ({ key, now }: Call): boolean => runningJobs(key, now) >= key.limits.concurrentJobs;

function makeJob(call: Call, workflow: EmulatedWorkflow, files: readonly StoredFile[]): RemoteJob {
  const { world, key, now } = call;
  const { settings } = world;
  const { durationMs, confirmingMs } = workflow.execution;
  const drawn = typeof durationMs === 'number' ? durationMs : durationMs(settings.random);
  const number = world.jobs.size + 1;
  return {
    jobSpecId: newId(world, 'job', number),
    number,
    key,
    workflow,
    files,
    createdAt: now,
    durationMs: drawn / settings.speed,
    confirmingMs: (confirmingMs ?? 300) / settings.speed,
    tweaks: {},
    phase: 'pending',
    since: now,
    done: 0,
    nextCheckpoint: 0,
    itemVersion: 1,
    values: new Map(),
    checkpointValues: new Map(),
    given: [],
    past: [],
  };
}

/** POST /jobs/goal ("Step 3: Create a Job"). */
export const createJob: AnswerCall = (call) => {
  const { world, key, request, entry, now } = call;
  const body = jsonObject(request.body);
  if (body === undefined) return apiError(400, 'bad_request', 'The body is not a JSON object');
  const { workflowId, fileIds } = body;
  const workflow = world.settings.workflows.find(({ specId }) => specId === workflowId);
  const problems: FieldProblem[] = [];
  if (workflow === undefined)
    problems.push({ field: 'workflowId', message: 'names no workflow of the catalog' });
  if (!Array.isArray(fileIds)) problems.push({ field: 'fileIds', message: 'must be a list of file ids' });
  const found = findFiles(key, Array.isArray(fileIds) ? fileIds : [], now);
  problems.push(...found.problems);
  if (workflow !== undefined && problems.length === 0) problems.push(...fileProblems(workflow, found.files));
  if (workflow === undefined || problems.length > 0) return validationError(problems);
  const isCounted = world.settings.concurrentFrom === 'created';
  if (isCounted && isCrowded(call)) return tooManyJobs(key.limits.concurrentJobs);
  const job = makeJob(call, workflow, found.files);
  world.jobs.set(job.jobSpecId, job);
  if (isCounted) key.running.add(job);
  for (const file of found.files) file.used = true;
  entry.jobSpecId = job.jobSpecId;
  entry.effect = { type: 'created', jobSpecId: job.jobSpecId };
  return { status: 201, body: jobView(job, now) };
};
