import { build, type Metafile } from 'esbuild';
import { expect, it } from 'vitest';

/** What is loaded with an entry: not what it imports later. */
function loadedWith({ outputs }: Metafile, entry: string): readonly string[] {
  const waiting = Object.keys(outputs).filter((file) => outputs[file]?.entryPoint === entry);
  const loaded = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    for (const { kind, path } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && outputs[path] !== undefined) waiting.push(path);
  }
  return [...loaded].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
}

it('the front door loads neither axios nor undici before a request leaves', async () => {
  const { metafile } = await build({
    ...{ entryPoints: ['src/index.ts'], outdir: 'never-written', write: false, metafile: true },
    ...{ bundle: true, splitting: true, platform: 'node', format: 'esm', logLevel: 'silent' },
  });
  const loaded = loadedWith(metafile, 'src/index.ts');
  expect(loaded.filter((file) => /node_modules\/(axios|undici)\//.test(file))).toEqual([]);
  expect(loaded).toContain('src/services/create-client.ts');
});
