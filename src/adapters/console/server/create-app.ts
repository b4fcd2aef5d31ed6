import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { isStoredJobError } from '../../../engine/durable/index.js';
import { isGoalLaneError } from '../../../services/errors/goal-lane-error.js';
import type { ServerEvent } from '../wire/events.js';
import { ConsoleError } from './console-error.js';
import { type Caller, type GuardName, type GuardSettings, refusalOf } from './guard/guards.js';
import { SAFETY_HEADERS } from './guard/headers.js';
import type { Session } from './guard/session.js';
import { addAnswerRoute } from './routes/answer-route.js';
import { addJobRoutes } from './routes/job-routes.js';
import { addResultRoutes } from './routes/result-routes.js';
import { addUploadRoutes } from './routes/upload-routes.js';
import type { ServerContext } from './server-context.js';
import { addStaticFiles } from './static-files.js';

export interface AppOptions {
  readonly context: ServerContext;
  readonly guard: GuardSettings;
  readonly session?: Session;
  /** Only for tests: the active guards. Default: all. */
  readonly guards?: readonly GuardName[];
}

function callerOf(c: Context, session: Session | undefined): Caller {
  // Boundary: absent without a socket, in tests of the app alone.
  const incoming = (c.env as Partial<HttpBindings> | undefined)?.incoming;
  const given = c.req.header('host');
  return {
    method: c.req.method,
    path: c.req.path,
    hosts: incoming?.headersDistinct.host ?? (given === undefined ? [] : [given]),
    header: (name) => c.req.header(name),
    cookie: session === undefined ? undefined : getCookie(c, session.cookieName),
  };
}

/** Our own errors are reported in words; of others no details are exposed. */
function answerTo(c: Context, error: unknown): Response {
  if (error instanceof ConsoleError)
    return c.json({ error: error.code, message: error.message, ...error.details }, error.status);
  if (isStoredJobError(error))
    return c.json({ error: error.reason, message: error.message, advice: error.advice }, 409);
  if (isGoalLaneError(error)) {
    const { kind, message, advice, speaker } = error.failure;
    return c.json({ error: kind, message, advice, speaker }, kind === 'not-found' ? 404 : 422);
  }
  return c.json({ error: 'internal', message: 'Something went wrong in goal-lane on this computer.' }, 500);
}

/** The HTTP interface of the console: guards first, then routes. */
export async function createApp({ context, guard, session, guards }: AppOptions): Promise<Hono> {
  const app = new Hono();
  app.use(async (c, next) => {
    const refusal = refusalOf(callerOf(c, session), guard, guards);
    if (refusal === undefined) await next();
    else c.res = c.json({ error: refusal.code, message: refusal.message }, refusal.status);
    for (const [name, value] of Object.entries(SAFETY_HEADERS)) c.res.headers.set(name, value);
    if (c.req.path.startsWith('/api')) c.res.headers.set('Cache-Control', 'no-store');
  });
  app.onError((error, c) => answerTo(c, error));
  app.notFound((c) => c.json({ error: 'not_found', message: 'There is nothing here.' }, 404));
  session?.addTo(app);
  addJobRoutes(app, context);
  addAnswerRoute(app, context);
  addUploadRoutes(app, context);
  addResultRoutes(app, context);
  addStreamRoutes(app, context);
  await addStaticFiles(app);
  return app;
}

/** Sends everything first, then changes. */
function addStreamRoutes(app: Hono, context: ServerContext): void {
  const { source, rows, about, now, stream } = context;
  const all = (): ServerEvent => {
    const limits = source.budget?.();
    return {
      type: 'reset',
      now: now(),
      about,
      rows: rows.all(),
      ...(limits === undefined ? {} : { limits }),
    };
  };
  app.get('/api/snapshot', (c) => c.json(all()));
  app.get('/api/events', (c) => {
    const body = stream.open(c.req.header('last-event-id'), all);
    if (body === undefined)
      throw new ConsoleError(503, 'too_many_readers', 'Too many pages are open at once.');
    c.header('Content-Type', 'text/event-stream; charset=utf-8');
    c.header('X-Accel-Buffering', 'no');
    return c.body(body);
  });
}
