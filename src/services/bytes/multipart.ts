const encoder = new TextEncoder();

/**
 * Escapes a file name for a form (multipart/form-data in the HTML standard): these three characters are escaped, the rest is sent
 * as UTF-8.
 */
const escapeName = (name: string): string =>
  name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');

/** Lower case only, because the type of a Blob is converted to lower case. */
function freshBoundary(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return `goal-lane-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** The bytes around one file in a multipart/form-data body with the field `file` ("Step 2: Upload a File"). */
export function multipartEnvelope(name: string) {
  const boundary = freshBoundary();
  const disposition = `Content-Disposition: form-data; name="file"; filename="${escapeName(name)}"`;
  return {
    head: encoder.encode(`--${boundary}\r\n${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`),
    tail: encoder.encode(`\r\n--${boundary}--\r\n`),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}
