import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Fastify from 'fastify';
import { publicEvent, publicView } from 'goal-lane/job';

/** The HTTP status for what became of an answer. */
const STATUS = { accepted: 200, refused: 422, open: 409, closed: 409 };

const FILE_NAME = /^[\w-][\w. -]*$/;

/**
 * POST /jobs/:workflowId/:name starts a job on the file in the body, GET /jobs/:id/events streams its events, POST /jobs/:id/slots answers its
 * questions, GET /jobs/:id/result streams the result. No reply contains a path, a signed URL or the key.
 * @param {import('goal-lane').GoalLane} lane
 * @param {string} inbox folder for the files that arrive
 */
export function createServer(lane, inbox) {
  const app = Fastify();
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));

  app.post('/jobs/:workflowId/:name', async (request, reply) => {
    const { workflowId, name } = /** @type {Record<string, string>} */ (request.params);
    if (!FILE_NAME.test(name)) return reply.code(400).send({ error: 'this is not a file name' });
    const file = join(await mkdtemp(join(inbox, 'job-')), name);
    await pipeline(/** @type {Readable} */ (request.body), createWriteStream(file));
    const job = lane.start({ workflowId, files: [file] });
    return reply.code(201).send({ id: job.id });
  });

  app.get('/jobs/:id/events', async (request, reply) => {
    const job = jobOf(lane, request);
    if (job === undefined) return reply.code(404).send();
    reply.hijack();
    const { raw } = reply;
    const gone = new AbortController();
    raw.on('close', () => gone.abort());
    raw.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const push = (/** @type {string} */ type, /** @type {object} */ data) =>
      raw.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    // No event from here on is missed. A page that connects late reads in the view what is asked now.
    const events = job.events({ signal: gone.signal });
    const handles = job.view().files.map(({ handle }) => handle);
    push('view', publicView(job.view()));
    for await (const event of events) push(event.type, publicEvent(event, handles));
    raw.end();
  });

  app.post('/jobs/:id/slots', async (request, reply) => {
    const job = jobOf(lane, request);
    if (job === undefined) return reply.code(404).send();
    const slots = /** @type {Record<string, string>} */ (request.body);
    const answer = await job.submitSlots(slots);
    return reply.code(STATUS[answer.status]).send(answer);
  });

  app.get('/jobs/:id/result', async (request, reply) => {
    const job = jobOf(lane, request);
    if (job?.view().state !== 'completed') return reply.code(404).send();
    const { chunks } = await lane.openResult(job.id); // with a new signed URL, which stays on the server
    return reply.type('application/octet-stream').send(Readable.from(chunks));
  });

  return app;
}

/**
 * @param {import('goal-lane').GoalLane} lane
 * @param {import('fastify').FastifyRequest} request
 */
const jobOf = (lane, request) => lane.job(/** @type {{ id: string }} */ (request.params).id);
