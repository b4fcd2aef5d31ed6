import type { GoalClientOptions } from './client-options.js';
import { createClient } from './create-client.js';
import type { GoalClient } from './goal-client.js';
import type { LoadAxios } from './http/transport.js';

const loadAxios: LoadAxios = async (settings) => (await import('./http/by-axios.js')).byAxios(settings);

/**
 * The client of one key. It sends by `adapter`, else by `fetch`, else by `transport`, else by axios, which is loaded with the first request.
 * @throws InvalidInputError for a key, a base URL, a time-out or a transport that cannot be meant, before anything is sent
 */
export function createGoalClient(options: GoalClientOptions = {}): GoalClient {
  return createClient(options, { loadAxios });
}
