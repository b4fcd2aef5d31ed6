import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

interface PageOptions {
  /** The module beside whose `pages` folder they are. Default: this one. */
  readonly beside?: string;
  /** Packages in the place of others. */
  readonly alias?: Record<string, string>;
}

const bundle = async (
  page: string,
  { beside = import.meta.url, alias = {} }: PageOptions,
): Promise<string> => {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`pages/${page}.ts`, beside))],
    alias,
    define: { 'process.env.NODE_ENV': '"development"' },
    bundle: true,
    write: false,
    // A Node built-in anywhere in what the page imports would fail here.
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
};

export interface PageServer {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Serves pages, each made of one bundled file, from an origin of its own. */
export async function servePages(names: readonly string[], options: PageOptions = {}): Promise<PageServer> {
  const scripts = new Map<string, string>();
  for (const name of names) scripts.set(`/${name}.js`, await bundle(name, options));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const script = scripts.get(pathname);
    if (script !== undefined) {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script);
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(
      `<!doctype html><button id="run">run</button><script type="module" src="${pathname}.js"></script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
