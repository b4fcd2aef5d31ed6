const encoder = new TextEncoder();

/** How a form names a file (multipart/form-data in the HTML standard): these three are escaped, the rest goes as UTF-8. */
const escapeName = (name: string): string =>
  name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');

/** Lower case only: the type of a Blob is. */
function freshBoundary(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return `goal-lane-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** What stands around one file in a multipart/form-data body with the field `file` (Step 2). */
export function multipartEnvelope(name: string) {
  const boundary = freshBoundary();
  const disposition = `Content-Disposition: form-data; name="file"; filename="${escapeName(name)}"`;
  return {
    head: encoder.encode(`--${boundary}\r\n${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`),
    tail: encoder.encode(`\r\n--${boundary}--\r\n`),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}
