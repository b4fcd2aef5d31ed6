import { Readable } from 'node:stream';
import type { Context, Hono } from 'hono';
import type { JobResultView } from '../../../../engine/job/source/job-view.js';
import { safeFileName } from '../../../../services/content/safe-file-name.js';
import { isGoalLaneError } from '../../../../services/errors/goal-lane-error.js';
import { ConsoleError } from '../console-error.js';
import { openSaved, rangeOf, readRange, type SavedFile } from '../results/saved-result.js';
import { zipEntries } from '../results/zip-entries.js';
import { rowOf, type ServerContext } from '../server-context.js';

const webStream = (readable: Readable): ReadableStream =>
  // Boundary: Node's own type of the same web stream.
  Readable.toWeb(readable) as ReadableStream;

/** Always downloaded as a file, never shown inline. */
function attachment(c: Context, name: string): void {
  const safe = safeFileName(name);
  const ascii = safe.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  c.header('Content-Type', 'application/octet-stream');
  c.header(
    'Content-Disposition',
    `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(safe).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)}`,
  );
}

/** Includes the path, which rows do not have; also for jobs that ended in another process. */
async function resultOf({ source, rows }: ServerContext, id: string): Promise<JobResultView | undefined> {
  const driven = rows.get(id)?.isStored ? undefined : source.job(id)?.view().result;
  return driven ?? (await source.look?.(id))?.view.result;
}

const savedOf = async (result: JobResultView | undefined): Promise<SavedFile | undefined> =>
  result?.file === undefined ? undefined : openSaved(result.file, result.bytes);

function sendSaved(c: Context, saved: SavedFile, sha256: string | undefined): Response {
  const { bytes } = saved;
  const range = rangeOf(c.req.header('range'), bytes);
  c.header('Accept-Ranges', 'bytes');
  if (sha256 !== undefined) c.header('ETag', `"${sha256}"`);
  if (range === 'unsatisfiable') {
    void saved.handle.close();
    c.header('Content-Range', `bytes */${bytes}`);
    return c.body(null, 416);
  }
  const { start, end } = range ?? { start: 0, end: bytes - 1 };
  c.header('Content-Length', String(end - start + 1));
  if (range !== undefined) c.header('Content-Range', `bytes ${start}-${end}/${bytes}`);
  if (bytes === 0) {
    void saved.handle.close();
    return c.body(null, 200);
  }
  return c.body(webStream(readRange(saved, { start, end })), range === undefined ? 200 : 206);
}

/** A URL may expire between the moment it is given and the moment it is used: another one is requested once. */
async function openFresh({ source }: ServerContext, id: string, signal: AbortSignal) {
  try {
    return await source.openResult?.(id, { signal });
  } catch (error) {
    if (!isGoalLaneError(error) || error.kind !== 'gone') throw error;
    return source.openResult?.(id, { signal });
  }
}

/** The file is no longer here: download it again through this process. The URL is not exposed. */
async function sendFresh(context: ServerContext, c: Context, id: string): Promise<Response> {
  const opened = await openFresh(context, id, c.req.raw.signal);
  if (opened === undefined)
    throw new ConsoleError(
      404,
      'no_result',
      'The result is not on this computer, and cannot be fetched from here.',
    );
  attachment(c, opened.name);
  if (opened.bytes !== undefined) c.header('Content-Length', String(opened.bytes));
  const readable = Readable.from(opened.chunks);
  readable.once('close', () => opened.close());
  return c.body(webStream(readable));
}

export function addResultRoutes(app: Hono, context: ServerContext): void {
  app.get('/api/jobs/:id/result', async (c) => {
    const { id } = await rowOf(context, c.req.param('id'));
    const result = await resultOf(context, id);
    const saved = await savedOf(result);
    if (saved === undefined) return sendFresh(context, c, id);
    attachment(c, result?.name ?? 'result.zip');
    return sendSaved(c, saved, result?.sha256);
  });
  app.get('/api/jobs/:id/result/entries', async (c) => {
    const { id } = await rowOf(context, c.req.param('id'));
    const saved = await savedOf(await resultOf(context, id));
    if (saved === undefined) throw new ConsoleError(404, 'no_result', 'The result is not on this computer.');
    try {
      return c.json({ entries: await zipEntries(saved.handle) });
    } catch {
      throw new ConsoleError(422, 'no_zip', 'The result is not a ZIP file.');
    } finally {
      await saved.handle.close();
    }
  });
}
