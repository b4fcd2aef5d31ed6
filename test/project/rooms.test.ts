import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Import, importsOf, readSources } from './import-graph.js';
import { adapterTies, blindImports, climbs, fileCircles, roomCircles, standsOnOf } from './room-rules.js';

const sourceOf = readSources('src');
const files = [...sourceOf.keys()];
const imports = importsOf(sourceOf);
const standsOn = standsOnOf(readFileSync('docs/architecture.md', 'utf8'));

const inRoom = (room: string) => (path: string) => path.startsWith(`src/${room}/`);
const shown = ({ from, to }: Import): string => `${from} -> ${to}`;
const breaches = (is: (entry: Import) => boolean): string[] => imports.filter(is).map(shown);

describe('the rooms (data flows one way)', () => {
  it('reads imports at all', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.map(({ to }) => to)).toContain('xstate');
  });

  it('machines import no HTTP, no host, and services only as types', () => {
    const allowed = (to: string): boolean => to.startsWith('src/machines/') || to === 'xstate';
    expect(
      breaches(
        ({ from, to, isType }) =>
          inRoom('machines')(from) && !allowed(to) && !(isType && to.startsWith('src/services/')),
      ),
    ).toEqual([]);
  });

  it('services know nothing of XState, machines or hosts, and no Node built-in', () => {
    const allowed = (to: string): boolean =>
      to.startsWith('src/services/') || to === 'axios' || /^zod(\/|$)/.test(to) || to === 'pino';
    expect(
      breaches(
        ({ from, to, isType }) =>
          inRoom('services')(from) && !allowed(to) && !(isType && to.startsWith('src/machines/')),
      ),
    ).toEqual([]);
  });

  it('machines have no clock, no timers and no chance of their own', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\b|\bsetTimeout\b|\bsetInterval\b|\bMath\.random\b|\bafter:|\bfromCallback\b|\bspawn/;
    const found = files.filter(
      (file) =>
        inRoom('machines')(file) && impure.test(sourceOf.get(file)?.replace(/\/\*[\s\S]*?\*\//g, '') ?? ''),
    );
    expect(found).toEqual([]);
  });

  it('no file imports upward: services ← machines ← engine ← adapters ← doors', () => {
    expect(climbs(imports)).toEqual([]);
  });

  it('an adapter stands on no other but those that docs/architecture.md names', () => {
    expect(adapterTies(imports, standsOn)).toEqual([]);
    const named = [...standsOn].flatMap(([own, others]) => others.map((other) => ({ own, other })));
    const isTrue = ({ own, other }: { own: string; other: string }): boolean =>
      imports.some(({ from, to }) => inRoom(`adapters/${own}`)(from) && inRoom(`adapters/${other}`)(to));
    const isBuilt = ({ own }: { own: string }): boolean => files.some(inRoom(`adapters/${own}`));
    expect(named.filter((tie) => isBuilt(tie) && !isTrue(tie))).toEqual([]);
  });

  it('what runs in a browser imports nothing of Node', () => {
    const isPortable = (path: string): boolean =>
      ['machines', 'services', 'engine/binding', 'engine/job', 'adapters/browser'].some((room) =>
        inRoom(room)(path),
      );
    expect(
      breaches(
        ({ from, to, isType }) =>
          isPortable(from) && !isType && (to.startsWith('node:') || inRoom('adapters/node')(to)),
      ),
    ).toEqual([]);
  });

  it('only pages and hooks import React, and no file imports a page', () => {
    const isPage = (path: string): boolean => /^src\/adapters\/[^/]+\/page\//.test(path);
    const isReact = (to: string): boolean => /^(react|react-dom|wouter|lucide-react)(\/|$)/.test(to);
    expect(
      breaches(({ from, to }) => isReact(to) && !isPage(from) && !inRoom('adapters/react')(from)),
    ).toEqual([]);
    expect(breaches(({ from, to }) => isPage(to) && !isPage(from))).toEqual([]);
  });

  it('no files import each other in a circle, if only by types', () => {
    expect(fileCircles(imports)).toEqual([]);
  });

  it('no rooms of a folder import each other in a circle', () => {
    expect(roomCircles(imports)).toEqual([]);
  });

  it('every import leads to a file, and no path is computed', () => {
    expect(blindImports(imports, new Set(files))).toEqual([]);
  });
});

describe('the size of things', () => {
  it('no source file is over 300 lines', () => {
    const long = files.filter((file) => (sourceOf.get(file)?.split('\n').length ?? 0) > 301);
    expect(long).toEqual([]);
  });

  it('half of the files are under 100 lines', () => {
    const lengths = files.map((file) => sourceOf.get(file)?.split('\n').length ?? 0).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(101);
  });

  it('names are kebab-case', () => {
    const odd = files.filter((file) => !/^src(\/[a-z0-9]+(-[a-z0-9]+)*)+\.tsx?$/.test(file));
    expect(odd.map((file) => relative('src', file))).toEqual([]);
  });
});
