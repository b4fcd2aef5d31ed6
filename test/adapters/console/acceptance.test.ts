import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');

test('each of the 34 checks names a test that is there', async () => {
  const table = await read('README.md');
  const rows = [...table.matchAll(/^\| (\d+) +\|[^|]+\| `([^`]+)` +\| (.+?) +\|$/gm)];
  expect(rows.map(([, number]) => Number(number))).toEqual(
    Array.from({ length: 34 }, (_, index) => index + 1),
  );
  for (const [, number, file = '', name = ''] of rows)
    expect((await read(file)).includes(`'${name}'`), `${number}: ${name}`).toBe(true);
});
