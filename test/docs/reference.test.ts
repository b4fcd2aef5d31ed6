import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import { childrenOf, pathOf, type StateNode } from '../../scripts/chart/machine-walk.js';
import { referencePages } from '../../scripts/reference/reference-pages.js';
import { CALLS } from '../../scripts/reference/state-calls.js';
import { statesPage } from '../../scripts/reference/states-page.js';
import { goalJobMachine } from '../../src/machines/index.js';

const pages = referencePages(process.cwd());
const names = Object.keys(pages);

const pathsOf = (node: StateNode): string[] => [pathOf(node), ...childrenOf(node).flatMap(pathsOf)];

describe('the generated reference', () => {
  it.each(names)('%s is what the code says', (name) => {
    const isSame = readFileSync(name, 'utf8') === pages[name];
    expect(isSame, `${name} has drifted: npm run build && npm run docs:reference`).toBe(true);
  });

  it('has no page that is not generated', () => {
    const there = ['docs/reference', 'docs/api'].flatMap((folder) =>
      readdirSync(folder).map((name) => `${folder}/${name}`),
    );
    expect(there.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('shows every state of the machine with what leaves it', () => {
    const page = pages['docs/reference/states.md'] ?? '';
    const states = pathsOf(goalJobMachine.root).filter((path) => path !== '');
    expect(states.length).toBeGreaterThan(40);
    expect(states.filter((path) => !page.includes(`# ${path} {#`))).toEqual([]);
  });

  it('follows a change of the machine', () => {
    const { config, implementations } = goalJobMachine;
    // The shape is kept: only a description differs.
    const changed = JSON.parse(JSON.stringify(config).replace('The status is being read.', 'Being read.'));
    const machine: AnyStateMachine = createMachine(changed, implementations);
    expect(statesPage(machine)).toContain('Being read.');
    expect(pages['docs/reference/states.md']).not.toContain('Being read.');
  });

  it('names calls that the services make', () => {
    const services = readdirSync('src/services/calls')
      .map((file) => readFileSync(`src/services/calls/${file}`, 'utf8'))
      .join('\n');
    const paths = Object.values(CALLS).flatMap(
      (words) => /`(?:GET|POST|PATCH) ([^`]+)`/.exec(words)?.[1] ?? [],
    );
    expect(paths.length).toBe(8);
    for (const path of paths) {
      const [start = ''] = path.replace('{jobSpecId}', '\n').split('\n');
      expect(services).toContain(start);
      expect(services).toContain(path.split('/').at(-1)?.replace(/[{}]/g, ''));
    }
  });

  it('says of every option what it means: one that does not wants a comment where it is declared', () => {
    const page = pages['docs/reference/options.md'] ?? '';
    expect(page.match(/^\| `\w+` \| \S/gm)?.length).toBeGreaterThan(200);
    expect(page.match(/^\| `\w+` \| {2}\|/gm) ?? []).toEqual([]);
  });

  it('says of every field of a question what it means', () => {
    const [, question = ''] = (pages['docs/reference/events.md'] ?? '').split(/^## /m).slice(2);
    const fields = question.match(/^\| `\w+` \|.*/gm) ?? [];
    expect(fields.length).toBeGreaterThan(5);
    expect(fields.filter((row) => /^\| `\w+` \| {2}\|/.test(row))).toEqual([]);
  });

  it('shows the defaults of the code', () => {
    const page = pages['docs/reference/defaults.md'] ?? '';
    for (const value of ['2 s at least', '**8 times**', '**10 min**', '| 24 h |', '| 1 h |', '| 130 |'])
      expect(page).toContain(value);
  });
});
