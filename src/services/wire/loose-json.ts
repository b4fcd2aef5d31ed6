import { parseJson } from './parse-json.js';

/** Parses a body as JSON, or returns it as text. */
export function looseJson(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return body;
  }
}
