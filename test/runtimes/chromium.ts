import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { bundleProgram, type Program } from './bundle-programs.js';
import type { Site, Told } from './site.js';

const USE = `const site = JSON.parse(decodeURIComponent(location.hash.slice(1)));
globalThis.report = runJob(site).then(JSON.stringify);`;

export interface Pages {
  readonly origin: string;
  close(): void;
}

/** Serves a page for each program, from an origin that is not the emulator's. */
export async function servePrograms(programs: readonly Program[]): Promise<Pages> {
  const scripts = new Map<string, string>();
  for (const program of programs)
    scripts.set(`/${program}.js`, await bundleProgram(program, { format: 'esm', use: USE }));
  const server: Server = createServer(({ url = '/' }, response) => {
    const script = scripts.get(url);
    const type = script === undefined ? 'text/html' : 'text/javascript';
    response.writeHead(200, { 'Content-Type': type });
    response.end(script ?? `<!doctype html><script type="module" src="${url}.js"></script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export async function runInChromium(
  browser: Browser,
  { origin }: Pages,
  program: Program,
  site: Site,
): Promise<Told> {
  const page = await browser.newPage();
  await page.goto(`${origin}/${program}#${encodeURIComponent(JSON.stringify(site))}`);
  await page.waitForFunction('globalThis.report !== undefined');
  const reported: unknown = await page.evaluate('globalThis.report');
  await page.close();
  return JSON.parse(String(reported)) as Told;
}
