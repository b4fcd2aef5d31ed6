import Fastify from 'fastify';
import { publicEvent, publicView } from 'goal-lane/job';

/** What became of an answer, in HTTP's words. */
const STATUS = { accepted: 200, refused: 422, open: 409, closed: 409 };

/**
 * POST /jobs starts a job, GET /jobs/:id/events tells of it, POST /jobs/:id/slots answers its questions, GET /jobs/:id/result streams the
 * result. Nothing that goes out holds a path, a URL or the key.
 * @param {import('goal-lane').GoalLane} lane
 */
export function createServer(lane) {
  const app = Fastify();

  app.post('/jobs', async (request, reply) => {
    const { workflowId, files } = /** @type {{ workflowId: string, files: string[] }} */ (request.body);
    const job = lane.start({ workflowId, files });
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
    const tell = (/** @type {string} */ type, /** @type {object} */ data) =>
      raw.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    // From here on no event is missed; who comes late learns from the view what is asked now.
    const events = job.events({ signal: gone.signal });
    tell('view', publicView(job.view()));
    for await (const event of events) tell(event.type, publicEvent(event));
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
    const { chunks } = await lane.openResult(job.id); // by a fresh URL, which stays here
    reply.hijack();
    reply.raw.writeHead(200, { 'Content-Type': 'application/octet-stream' });
    for await (const chunk of chunks) reply.raw.write(chunk);
    reply.raw.end();
  });

  return app;
}

/**
 * @param {import('goal-lane').GoalLane} lane
 * @param {import('fastify').FastifyRequest} request
 */
const jobOf = (lane, request) => lane.job(/** @type {{ id: string }} */ (request.params).id);
