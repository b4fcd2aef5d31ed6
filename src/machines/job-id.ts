/** Longer ones fit into no request line. */
const LONGEST_ID = 8_000;

/** Whether a value can be a `jobSpecId`: text that stands for itself as one segment of a path. */
export function isJobId(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST_ID) return false;
  const id = value.trim();
  if (id === '' || id === '.' || id === '..') return false;
  try {
    // A lone surrogate has no spelling in a URL.
    encodeURIComponent(value);
    return true;
  } catch {
    return false;
  }
}
