// Takes the declarations out of dist that no door of the package reaches: no import can name what is in them, and the chart's
// states alone are a third of a megabyte. What a declaration leads to is what it imports, in any of the three spellings of tsc.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LEADS_TO = /(?:from |import\(|import )["'](\.{1,2}\/[^"']+)["']/g;

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const waiting = Object.values(exports).flatMap(({ types }) => (types === undefined ? [] : [join(types)]));
const reached = new Set();
for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
  if (reached.has(file)) continue;
  reached.add(file);
  for (const [, target] of readFileSync(file, 'utf8').matchAll(LEADS_TO))
    waiting.push(join(dirname(file), target.replace(/\.js$/, '.d.ts')));
}
for (const name of readdirSync('dist', { recursive: true })) {
  const file = join('dist', name);
  if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
}
