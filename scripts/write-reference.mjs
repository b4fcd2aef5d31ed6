// Writes the pages of docs/reference and docs/api from the code, and docs/public/llms.txt from the pages: `npm run docs:reference`.
// `npm run build` first: the API is read from the declarations in dist.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Inside the project, so that the bundle finds its packages.
const scratch = await mkdtemp(join(root, 'node_modules', '.write-reference-'));
try {
  // Three folders deep: the version of the package is read from beside the command's folder.
  const outfile = join(scratch, 'bundle', 'reference-pages.mjs');
  await build({
    entryPoints: [join(root, 'scripts/reference/reference-pages.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  const { referencePages } = await import(pathToFileURL(outfile).href);
  const pages = referencePages(root);
  for (const [name, content] of Object.entries(pages)) {
    const file = join(root, name);
    await mkdir(dirname(file), { recursive: true });
    const before = await readFile(file, 'utf8').catch(() => '');
    if (before === content) continue;
    await writeFile(file, content);
    process.stdout.write(`${name}\n`);
  }
  // What a door was that is none any more.
  for (const folder of ['docs/reference', 'docs/api'])
    for (const name of await readdir(join(root, folder)))
      if (!(`${folder}/${name}` in pages)) await rm(join(root, folder, name));
} finally {
  await rm(scratch, { recursive: true, force: true });
}
