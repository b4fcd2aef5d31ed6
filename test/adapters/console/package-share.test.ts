import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';

const dependencies = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });
const lock = z.object({ packages: z.record(z.string(), dependencies) });

/** A package and what it brings along. */
function withTheirs(names: readonly string[], packages: z.output<typeof lock>['packages']): Set<string> {
  const all = new Set<string>();
  const add = (name: string): void => {
    if (all.has(name)) return;
    all.add(name);
    for (const theirs of Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {})) add(theirs);
  };
  names.forEach(add);
  return all;
}

test('the console brings three direct dependencies, which are four packages, and no React', async () => {
  const own = dependencies.parse(JSON.parse(await readFile('package.json', 'utf8'))).dependencies;
  const { packages } = lock.parse(JSON.parse(await readFile('package-lock.json', 'utf8')));
  const brought = ['hono', '@hono/node-server', 'yauzl'];
  expect(Object.keys(own)).toEqual(expect.arrayContaining(brought));
  expect([...withTheirs(brought, packages)].sort()).toEqual(['@hono/node-server', 'hono', 'pend', 'yauzl']);
  expect([...withTheirs(Object.keys(own), packages)]).not.toContain('react');
});

test('the console adds at most 600 kB to the package', async () => {
  let bytes = 0;
  for (const folder of ['dist/pages/console', 'dist/adapters/console', 'docs/images']) {
    const names = await readdir(folder, { recursive: true });
    for (const name of names.filter((file) => /\.(js|css|html|svg|ts|png)$/.test(file)))
      bytes += gzipSync(await readFile(join(folder, name))).length;
  }
  expect(bytes).toBeGreaterThan(80_000);
  expect(bytes).toBeLessThan(600_000);
});
