import { describe, expect, it } from 'vitest';
import { importsOf } from './import-graph.js';
import { adapterTies, blindImports, climbs, fileCircles, roomCircles, standsOnOf } from './room-rules.js';

const graph = (sources: Readonly<Record<string, string>>) => importsOf(new Map(Object.entries(sources)));

const A = 'src/engine/lane/a.ts';
const B = 'src/adapters/node/b.ts';

/** Every way in which one file can lead to another. */
const WAYS = [
  ['an import', "import { b } from 'PATH';"],
  ['an import of a type', "import type { B } from 'PATH';"],
  ['an import for its effect', "import 'PATH';"],
  ['an export', "export { b } from 'PATH';"],
  ['an export of everything', "export * from 'PATH';"],
  ['a dynamic import', "export const b = () => import('PATH');"],
  ['the type of a dynamic import', "export type B = import('PATH').B;"],
] as const;

describe('the rules of the rooms see', () => {
  it.each(WAYS)('an import upward, by %s', (_, code) => {
    const imports = graph({ [A]: code.replace('PATH', '../../adapters/node/b.js'), [B]: '' });
    expect(climbs(imports)).toEqual([`${A} -> ${B}`]);
  });

  it.each(WAYS)('a circle that is closed by %s', (_, code) => {
    const imports = graph({ 'src/a.ts': code.replace('PATH', './b.js'), 'src/b.ts': "import './a.js';" });
    expect(fileCircles(imports)).toEqual(['src/a.ts -> src/b.ts -> src/a.ts']);
  });

  it('a circle of rooms in which no file closes one', () => {
    const imports = graph({
      'src/engine/one/a.ts': "import '../two/b.js';",
      'src/engine/one/c.ts': '',
      'src/engine/two/b.ts': '',
      'src/engine/two/d.ts': "import type { C } from '../one/c.js';",
    });
    expect(fileCircles(imports)).toEqual([]);
    expect(roomCircles(imports)).toEqual(['src/engine/: one -> two -> one']);
  });

  it('an adapter that stands on another, unless the page names it', () => {
    const imports = graph({ 'src/adapters/cli/a.ts': "import '../node/b.js';", [B]: '' });
    expect(adapterTies(imports, new Map())).toEqual([`src/adapters/cli/a.ts -> ${B}`]);
    const page = '| adapter | stands on |\n|---|---|\n| `cli` | `node` |\n\nOther text.';
    expect(adapterTies(imports, standsOnOf(page))).toEqual([]);
  });

  it('a path that leads to no file, and one that is computed', () => {
    const imports = graph({ [A]: "import './gone.js'; export const b = (name: string) => import(name);" });
    expect(blindImports(imports, new Set([A]))).toEqual([
      `${A} -> src/engine/lane/gone.js`,
      `${A} -> computed: name`,
    ]);
  });
});
