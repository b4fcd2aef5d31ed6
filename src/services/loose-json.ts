/** A body as JSON where it is, as the text that it is where it is not. */
export function looseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
