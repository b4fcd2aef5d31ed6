import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Context, Hono } from 'hono';

/** Created by the build from `page/`. The relative path is the same from `src` and from `dist`. */
const FOLDER = new URL('../../../../dist/pages/console/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

interface StaticFile {
  readonly type: string;
  readonly body: Buffer<ArrayBuffer>;
  readonly gzip: Buffer<ArrayBuffer>;
  readonly etag: string;
}

async function readFiles(): Promise<ReadonlyMap<string, StaticFile>> {
  const names = await readdir(FOLDER);
  const files = await Promise.all(
    names.map(async (name) => {
      const body = await readFile(new URL(name, FOLDER));
      const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
      const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
      return [name, { type, body, gzip: gzipSync(body, { level: 9 }), etag }] as const;
    }),
  );
  return new Map(files);
}

function send(c: Context, file: StaticFile, cache: string): Response {
  c.header('Content-Type', file.type);
  c.header('Cache-Control', cache);
  c.header('ETag', file.etag);
  c.header('Vary', 'Accept-Encoding');
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304);
  if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return c.body(file.body);
  c.header('Content-Encoding', 'gzip');
  return c.body(file.gzip);
}

const PAGES = ['/', '/run', '/run/:workflowId', '/jobs/:id', '/limits', '/settings'];

/** Serves the files of the build by their names, and the page at its routes; everything else is 404. */
export async function addStaticFiles(app: Hono): Promise<void> {
  const files = await readFiles();
  const page = files.get('index.html');
  if (page === undefined) throw new Error('the console was not built: npm run build');
  for (const path of PAGES) app.get(path, (c) => send(c, page, 'no-cache'));
  app.get('/assets/:name', (c) => {
    const name = c.req.param('name');
    const file = name === 'index.html' ? undefined : files.get(name);
    if (file === undefined) return c.notFound();
    return send(c, file, /-[A-Z0-9]{8}\./.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache');
  });
}
