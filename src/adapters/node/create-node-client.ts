import { uptime } from 'node:os';
import { checkTimeouts } from '../../services/check-numbers.js';
import type { GoalClientOptions } from '../../services/client-options.js';
import { createClient } from '../../services/create-client.js';
import { defined } from '../../services/defined.js';
import { apiKeyOf, baseUrlOf } from '../../services/given-options.js';
import type { GoalClient } from '../../services/goal-client.js';
import type { OnExchange, TraceSettings } from '../../services/http/exchange.js';
import { processTime } from '../../services/time/steady-time.js';
import { nodeDecoders } from './results/node-decoders.js';
import { accountLabel } from './results/part-name.js';
import { openTrace, type TraceFile } from './trace/trace-file.js';
import { createNodeTransport } from './transport/create-node-transport.js';
import { openDiskFile } from './uploads/open-disk-file.js';

/** Combines the trace with the host's own listener. */
function traced(own: OnExchange | undefined, file: TraceFile | undefined): { onExchange?: OnExchange } {
  if (file === undefined) return own === undefined ? {} : { onExchange: own };
  return {
    onExchange(exchange) {
      file.onExchange(exchange);
      own?.(exchange);
    },
  };
}

export interface NodeClientOptions extends GoalClientOptions {
  /** Writes every exchange to this file as HAR 1.2, without secrets and by default without slot values. */
  readonly trace?: TraceSettings | undefined;
}

/**
 * {@link createGoalClient} with kept-alive connections, proxies from the environment, and uploads from disk. Call `close()` when
 * done.
 * @throws InvalidInputError for an invalid key, base URL or time-out
 */
export function createNodeClient({ trace, ...given }: NodeClientOptions = {}): GoalClient {
  const options = { ...given, apiKey: apiKeyOf(given.apiKey), baseUrl: baseUrlOf(given.baseUrl) };
  checkTimeouts(options);
  // Node's monotonic clock stops while a Linux machine sleeps; its uptime does not.
  processTime.knowSleep(() => uptime() * 1_000);
  const ofNode = { transport: createNodeTransport(), openFile: openDiskFile, decoders: nodeDecoders };
  // Opened before anything is sent.
  const file = trace === undefined ? undefined : openTrace(trace);
  // Assigned, not spread: what is added to a spread object costs a hidden class, which a process with a thousand keys has as often.
  const client = createClient(Object.assign({}, ofNode, defined(options), traced(options.onExchange, file)));
  return Object.assign({}, client, {
    close(): void {
      client.close();
      file?.close();
    },
    account: accountLabel(options.apiKey, options.baseUrl),
  });
}
