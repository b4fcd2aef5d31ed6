import { parseJson } from './parse-json.js';

/** A body as JSON where it is, as the text that it is where it is not. */
export function looseJson(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return body;
  }
}
