import { camel } from './camel-case.js';
import { looseJson } from './loose-json.js';

/** The item version at the top level of a body, for observers; undefined if there is none. */
export function itemVersionIn(text: string | undefined): number | undefined {
  if (text === undefined || !/item[_-]?version/i.test(text)) return undefined;
  const body = looseJson(text);
  if (typeof body !== 'object' || body === null) return undefined;
  const found = Object.entries(body).find(([name]) => camel(name) === 'itemVersion')?.[1];
  const version = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof version === 'number' && Number.isFinite(version) ? version : undefined;
}
