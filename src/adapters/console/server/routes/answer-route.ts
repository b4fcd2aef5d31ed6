import type { Hono } from 'hono';
import * as z from 'zod';
import type { SlotsAnswer } from '../../../../engine/job/source/slots-answer.js';
import { questionKey } from '../../wire/events.js';
import { ConsoleError } from '../console-error.js';
import { checkId, jobOf, type ServerContext } from '../server-context.js';
import { slots } from './job-routes.js';
import { readJson } from './read-json.js';

const answer = z.object({ question: z.string().max(20_000), slots });

/** How long a page waits for the outcome of its answer; afterwards the stream reports it. */
const PATIENCE_MS = 20_000;

const later = (ms: number): Promise<{ status: 'sent' }> =>
  new Promise((resolve) => {
    setTimeout(() => resolve({ status: 'sent' }), ms).unref();
  });

/** Law 2, never stale for the page: an answer only goes to the question that was shown. */
export function addAnswerRoute(app: Hono, context: ServerContext): void {
  app.post('/api/jobs/:id/answer', async (c) => {
    const job = await jobOf(context, c.req.param('id'));
    const given = await readJson(c, answer, context.silenceMs);
    const { answers, now } = context;
    const view = job.view();
    const open = view.needs === 'slots' ? view.request : undefined;
    const sent = answers.get(job.id, given.question);
    if (open === undefined || questionKey(open) !== given.question)
      throw new ConsoleError(409, 'answered', 'This question is not open any more.', {
        ...(open === undefined ? {} : { request: open }),
        ...(sent === undefined ? {} : { sent }),
      });
    await answers.note(job.id, given.question, { at: now(), slots: given.slots });
    const result: SlotsAnswer | { status: 'sent' } = await Promise.race([
      job.submitSlots(given.slots),
      later(PATIENCE_MS),
    ]);
    return c.json(result);
  });
  app.get('/api/jobs/:id/answer', (c) => {
    const sent = context.answers.get(checkId(c.req.param('id')), c.req.query('question') ?? '');
    return c.json({ sent: sent ?? null });
  });
}
