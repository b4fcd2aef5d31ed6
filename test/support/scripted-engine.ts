import {
  createFleetClient,
  type FleetClient,
  type FleetClientOptions,
  type FleetEvent,
} from '../../src/adapters/restate/index.js';
import type { JobView } from '../../src/engine/job/source/job-view.js';
import { json, serve, type TestServer } from './http-server.js';

/** The ingress and the admin API of an engine whose jobs a test describes, without an engine. */
export interface ScriptedEngine {
  readonly client: FleetClient;
  readonly server: TestServer;
  /** The view of each running job; a job without one does not exist. */
  viewOf: (id: string) => JobView | undefined;
  /** A gateway refuses the client. */
  isBarred: boolean;
  /** Something that is no engine answers in its place, with a page. */
  isPage: boolean;
  /** The engine has stored the start of these jobs, and no worker has begun them. */
  starting: readonly string[];
  /** Of every job, the oldest first. */
  events: readonly FleetEvent[];
  /** Ids of the running jobs, as their list shows them. */
  listed: readonly string[];
  close(): Promise<void>;
}

export const runningView: JobView = {
  state: 'executing',
  path: 'executing.resting',
  tags: [],
  files: [],
  retention: {},
};

/** Of every job, epoch ms. */
export const CREATED_AT = 1_700_000_000_000;

export async function scriptEngine(options: FleetClientOptions = {}): Promise<ScriptedEngine> {
  const server = await serve(({ path, body }, response) => {
    const [, service, id = '', handler] = path.split('/');
    if (engine.isBarred) json(response, 403, { message: 'who are you?' });
    else if (engine.isPage) {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<html>\n<title>Please log in</title>');
    } else if (path === '/query') {
      const row = JSON.stringify({ createdAt: 1, keyId: 'default', state: 'executing' });
      const isEnds = body.includes('target_handler_name');
      if (body.includes('md5')) {
        const rows = engine.listed.map((one) => ({ id: one, mark: JSON.stringify(engine.viewOf(one)) }));
        return json(response, 200, { rows });
      }
      json(response, 200, {
        rows: isEnds ? [] : engine.listed.map((one) => ({ id: one, at: row, text: row })),
      });
    } else if (service === 'GoalJob' && handler === 'events') {
      const view = engine.viewOf(decodeURIComponent(id));
      const { since }: { since: number } = JSON.parse(body);
      const events = engine.events.filter(({ seq }) => seq > since);
      json(
        response,
        200,
        view === undefined
          ? { isThere: false, events: [] }
          : { isThere: true, view, createdAt: CREATED_AT, events, last: 0 },
      );
    } else if (service === 'GoalJob' && handler === 'start')
      json(response, 200, { invocationId: 'inv_1', status: 'Accepted' });
    else if (path.endsWith('/start/start/output') && engine.starting.some((one) => path.includes(one)))
      json(response, 470, { message: 'not ready' });
    else json(response, 404, { message: 'not found' });
  });
  const { url } = server;
  const client = createFleetClient({ ...options, ingress: url, admin: url });
  const engine: ScriptedEngine = {
    client,
    server,
    viewOf: () => runningView,
    events: [],
    isBarred: false,
    isPage: false,
    starting: [],
    listed: [],
    async close() {
      client.close();
      await server.close();
    },
  };
  return engine;
}
