import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Agents } from '../../services/http.js';

/** The same delay that axios sets on each request: any other would be set and set back every time, two system calls a request. */
const KEPT = { keepAlive: true, keepAliveMsecs: 60_000 } as const;

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
