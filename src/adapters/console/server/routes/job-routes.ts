import { setTimeout as delay } from 'node:timers/promises';
import type { Context, Hono } from 'hono';
import * as z from 'zod';
import type { JobSource } from '../../../../engine/job/source/job-source.js';
import { isJobId } from '../../../../machines/job-id.js';
import type { JobInput } from '../../../../machines/job-input.js';
import { ConsoleError } from '../console-error.js';
import { checkId, jobOf, rowOf, type ServerContext } from '../server-context.js';
import { readJson } from './read-json.js';

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Any name: the entries become own properties, `__proto__` included. */
const slotId = z.string().min(1).max(200);

const jobSpecId = z.string().trim().max(2_000).refine(isJobId, 'this cannot be the number of a job');

/** Slots have no deeper values. */
export const slots = z
  .array(z.tuple([slotId, z.union([scalar, z.array(scalar).max(1_000)])]))
  .max(500)
  .transform((entries) => Object.fromEntries(entries));

const start = z.object({
  id,
  workflowId: z.string().trim().min(1).max(500).optional(),
  attach: jobSpecId.optional(),
  uploads: z.array(id).max(20).default([]),
  slots: slots.default({}),
  confirm: z.enum(['auto', 'manual']).default('auto'),
  priority: z.number().int().min(-100).max(100).default(0),
});

type Start = z.output<typeof start>;

function inputOf({ spool }: ServerContext, given: Start): JobInput {
  if (given.attach !== undefined) return { jobSpecId: given.attach, confirm: given.confirm };
  const { workflowId } = given;
  if (workflowId === undefined) throw new ConsoleError(400, 'no_workflow', 'Choose a workflow first.');
  const files = given.uploads.map((upload) => {
    const path = spool.pathOf(upload);
    if (path === undefined)
      throw new ConsoleError(409, 'no_upload', 'A file is not here any more. Choose it again.');
    return path;
  });
  return { workflowId, files, slots: given.slots, confirm: given.confirm };
}

async function begin(context: ServerContext, given: Start): Promise<'known' | 'begun'> {
  if ((await context.rows.find(given.id)) !== undefined) return 'known';
  const input = inputOf(context, given);
  await context.source.start({ ...input, id: given.id, priority: given.priority });
  context.spool.claim(given.uploads);
  return 'begun';
}

/** The page creates the id: a repeated request, even after a restart of this server, starts the same job. */
async function startJob(context: ServerContext, c: Context): Promise<Response> {
  const given = await readJson(c, start, context.silenceMs);
  const { id } = given;
  const { starts } = context;
  const before = starts.get(id);
  if (before !== undefined) {
    await before;
    return c.json({ id }, 200);
  }
  const begun = begin(context, given);
  starts.set(id, begun);
  try {
    return c.json({ id }, (await begun) === 'begun' ? 201 : 200);
  } finally {
    starts.delete(id);
  }
}

const unable = (words: string): ConsoleError => new ConsoleError(409, 'not_offered', words);

async function forgetJob(context: ServerContext, c: Context): Promise<Response> {
  const { source } = context;
  const { id, view, uploads = [], isStored, driver } = await rowOf(context, c.req.param('id'));
  const isAtRest = ['completed', 'failed', 'detached'].includes(view.state) || isStored === true;
  if (!isAtRest || driver !== undefined)
    throw new ConsoleError(409, 'running', 'This job is still running. Stop watching it first.');
  if (source.forget === undefined)
    throw unable('Jobs cannot be removed here: they disappear by themselves a day after their end.');
  await source.forget(id);
  for (const upload of uploads) await context.spool.remove(upload.id);
  await context.answers.forget(id);
  context.rows.drop(id);
  return c.json({ status: 'ok' });
}

async function resumeJob(context: ServerContext, c: Context): Promise<Response> {
  const { source, rows } = context;
  const { id } = await rowOf(context, c.req.param('id'));
  if (source.resume === undefined)
    throw unable('This job cannot be resumed here. It may continue at Convilyn.');
  const { refused, moved = [] } = await source.resume([id]);
  const [refusal] = refused;
  if (refusal !== undefined) throw refusal.error;
  const as = moved.find((one) => one.id === id)?.as;
  if (as === undefined) return c.json({ status: 'ok', id }, 202);
  rows.drop(id);
  return c.json({ status: 'ok', id: as }, 202);
}

export function addJobRoutes(app: Hono, context: ServerContext): void {
  const { source, rows } = context;
  app.get('/api/workflows', async (c) => c.json({ workflows: await source.catalog() }));
  app.get('/api/limits', (c) => c.json({ limits: source.budget?.() ?? null }));
  app.get('/api/about', (c) => c.json({ ...context.about, now: context.now() }));
  app.post('/api/jobs', (c) => startJob(context, c));
  app.get('/api/jobs', (c) => c.json({ now: context.now(), jobs: rows.all() }));
  app.get('/api/jobs/:id', async (c) =>
    c.json({ now: context.now(), job: await rowOf(context, c.req.param('id')) }),
  );
  app.get('/api/jobs/:id/history', async (c) => {
    const before = Number(c.req.query('before') ?? Number.NaN);
    const query = { limit: 500, ...(Number.isInteger(before) ? { before } : {}) };
    return c.json(await context.history(checkId(c.req.param('id')), query));
  });
  app.get('/api/jobs/:id/requests', (c) => {
    const id = checkId(c.req.param('id'));
    return c.json({ requests: context.requests?.(id) ?? null });
  });
  app.delete('/api/jobs/:id', (c) => forgetJob(context, c));
  app.post('/api/jobs/:id/resume', (c) => resumeJob(context, c));
  addCommands(app, context);
}

const DETACH_SHOWN_MS = 500;

function addCommands(app: Hono, context: ServerContext): void {
  const command = (name: string, run: (c: Context, job: JobSource) => Promise<void>): void => {
    app.post(`/api/jobs/:id/${name}`, async (c) => {
      await run(c, await jobOf(context, c.req.param('id')));
      return c.json({ status: 'ok' }, 202);
    });
  };
  command('confirm', async (_, job) => job.confirm());
  command('retry', async (_, job) => job.send({ type: 'RETRY' }));
  command('detach', async (_, job) => {
    if (job.detach === undefined) return job.send({ type: 'DETACH' });
    // A create in flight gets some seconds: the page sees the end later, but at once that it cannot be asked for.
    await Promise.race([job.detach(), delay(DETACH_SHOWN_MS, undefined, { ref: false })]);
  });
  command('refresh-download', async (_, job) => job.send({ type: 'REFRESH_DOWNLOAD' }));
  command('adopt', async (c, job) => {
    const found = await readJson(c, z.object({ jobSpecId }));
    await job.send({ type: 'ADOPT', jobSpecId: found.jobSpecId });
  });
}
