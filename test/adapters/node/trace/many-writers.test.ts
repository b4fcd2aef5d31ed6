import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTrace } from '../../../../src/adapters/node/trace/trace-file.js';
import type { TracedExchange } from '../../../../src/services/http/exchange.js';
import { harFaults, readHar } from './har.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'goal-lane-writers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const exchange = (name: string): TracedExchange => ({
  to: 'api',
  method: 'GET',
  path: `/${name}`,
  url: `http://127.0.0.1/${name}`,
  status: 200,
  ms: 1,
  attempt: 1,
  startedAt: 0,
  requestHeaders: {},
});

describe('a trace with several writers', () => {
  it('holds the entries of each process, whole', async () => {
    const [trace, script] = [join(folder, 'many.har'), join(folder, 'writer.mjs')];
    const source = fileURLToPath(
      new URL('../../../../src/adapters/node/trace/trace-file.ts', import.meta.url),
    );
    await build({ entryPoints: [source], outfile: script, bundle: true, platform: 'node', format: 'esm' });
    const code = `
      import { openTrace } from ${JSON.stringify(script)};
      import { existsSync, writeFileSync } from 'node:fs';
      const [path, name] = process.argv.slice(-2);
      const trace = openTrace(path);
      // All begin at once.
      writeFileSync(path + name, '');
      while (!['a', 'b', 'c'].every((each) => existsSync(path + each)));
      for (let nth = 0; nth < 100; nth += 1)
        trace.onExchange({ ...${JSON.stringify(exchange(''))}, url: 'http://127.0.0.1/' + name + nth + 'x'.repeat(3_000) });`;
    const args = (name: string) => ['--input-type=module', '--eval', code, '--', trace, name];
    const codes = ['a', 'b', 'c'].map(
      (name) =>
        new Promise((resolve) =>
          spawn(process.execPath, args(name), { stdio: 'inherit' }).on('close', resolve),
        ),
    );
    expect(await Promise.all(codes)).toEqual([0, 0, 0]);
    expect(harFaults(trace)).toEqual([]);
    const urls = readHar(trace).log.entries.map(({ request }) => request.url);
    expect(new Set(urls).size).toBe(300);
    expect(existsSync(`${trace}.lock`)).toBe(false);
  });

  it('is not held up for long by a lock that a killed process has left', () => {
    const path = join(folder, 'left.har');
    const trace = openTrace(path);
    writeFileSync(`${path}.lock`, '');
    trace.onExchange(exchange('one'));
    trace.close();
    expect(readHar(path).log.entries).toHaveLength(1);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('makes no lock beside what is not a file', () => {
    expect(() => openTrace(folder)).toThrow(/cannot be written|is not a file/);
    expect(statSync(`${folder}.lock`, { throwIfNoEntry: false })).toBeUndefined();
  });
});
