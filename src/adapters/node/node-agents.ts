import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Agents } from '../../services/http.js';

const KEPT = { keepAlive: true, keepAliveMsecs: 30_000 } as const;

/** Connection pools of one client: kept for the next call, and closed with the client. A kept connection does not hold the process. */
export function createNodeAgents(): Required<Agents> {
  const httpAgent = new HttpAgent(KEPT);
  const httpsAgent = new HttpsAgent(KEPT);
  const fresh = {
    httpAgent: new HttpAgent({ keepAlive: false }),
    httpsAgent: new HttpsAgent({ keepAlive: false }),
  };
  return {
    httpAgent,
    httpsAgent,
    fresh,
    close() {
      for (const agent of [httpAgent, httpsAgent, fresh.httpAgent, fresh.httpsAgent]) agent.destroy();
    },
  };
}
