import type { Hono } from 'hono';
import { ConsoleError } from '../console-error.js';
import { checkId, type ServerContext } from '../server-context.js';

/** @throws ConsoleError if the name is not percent-encoded */
function nameIn(header: string | undefined): string {
  if (header === undefined || header.length > 5_000)
    throw new ConsoleError(400, 'bad_name', 'The file has no name, or one that is too long.');
  try {
    return decodeURIComponent(header);
  } catch {
    throw new ConsoleError(400, 'bad_name', 'The name of the file cannot be read.');
  }
}

export function addUploadRoutes(app: Hono, { spool }: ServerContext): void {
  app.get('/api/uploads', (c) => c.json({ uploads: spool.list() }));
  app.put('/api/uploads/:id', async (c) => {
    const id = checkId(c.req.param('id'));
    const length = c.req.header('content-length');
    if (length === undefined || !/^\d+$/.test(length))
      throw new ConsoleError(411, 'no_length', 'The length of the file must be known before it is sent.');
    const name = nameIn(c.req.header('x-file-name'));
    const { body } = c.req.raw;
    const parts = body ?? (async function* () {})();
    return c.json(await spool.receive(id, name, Number(length), parts), 201);
  });
  app.delete('/api/uploads/:id', async (c) => {
    await spool.remove(checkId(c.req.param('id')));
    return c.json({ status: 'ok' });
  });
}
