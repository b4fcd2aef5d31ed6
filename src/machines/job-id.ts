/** A longer id does not fit into a request line. */
const LONGEST_ID = 8_000;

/** Whether a value can be a `jobSpecId`: text that is safe as a single path segment. */
export function isJobId(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST_ID) return false;
  const id = value.trim();
  if (id === '' || id === '.' || id === '..') return false;
  try {
    // A lone surrogate cannot be encoded in a URL.
    encodeURIComponent(value);
    return true;
  } catch {
    return false;
  }
}
