import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import { goalJobMachine } from '../../src/machines/index.js';

interface Found {
  readonly at: string;
  readonly kind: 'guard' | 'action';
  /** As a chart viewer gets it: undefined for inline code. */
  readonly name: string | undefined;
}

type Node = AnyStateMachine['root'];
type Transition = Node['definition']['transitions'][number];

const isNamed = (value: unknown): value is { readonly type: string } =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : isNamed(value) ? value.type : undefined;

const namesIn = ({ guard, actions }: Transition, at: string): Found[] => [
  ...(guard === undefined ? [] : [{ at, kind: 'guard' as const, name: nameOf(guard) }]),
  ...actions.map((action) => ({ at, kind: 'action' as const, name: nameOf(action) })),
];

/** XState leaves `always` out of a node's definition: its branches stand beside it. */
const branchesOf = (node: Node): readonly Transition[] => [
  ...node.definition.transitions,
  ...(node.always ?? []),
];

function foundIn(node: Node): Found[] {
  const steps = [...node.definition.entry, ...node.definition.exit].map((action) => ({
    at: node.id,
    kind: 'action' as const,
    name: nameOf(action),
  }));
  const branches = branchesOf(node).flatMap((branch) => namesIn(branch, `${node.id} on ${branch.eventType}`));
  return [...steps, ...branches, ...Object.values(node.states).flatMap(foundIn)];
}

const COLLECTIVE = /^(note|announce|guard|inline|holds|check|action|emit|assign|do|is|says)$/;
const isMute = ({ name }: Found): boolean =>
  name === undefined || !/^[a-z]+([A-Z][a-z]*)+$/.test(name) || COLLECTIVE.test(name);

describe('the exported definition', () => {
  const found = foundIn(goalJobMachine.root);
  const names = (kind: Found['kind']) =>
    new Set(found.flatMap((row) => (row.kind === kind ? [row.name] : [])));

  it('has a name of its own for every guard and every action', () => {
    expect(found.filter(({ kind }) => kind === 'guard').length).toBeGreaterThan(200);
    expect(found.filter(({ kind }) => kind === 'action').length).toBeGreaterThan(400);
    expect(found.filter(isMute)).toEqual([]);
  });

  it('declares each name in setup, and uses each that is declared', () => {
    const { guards, actions } = goalJobMachine.implementations;
    expect([...names('guard')].sort()).toEqual(Object.keys(guards).sort());
    expect([...names('action')].sort()).toEqual(Object.keys(actions).sort());
  });

  it('shows a guard as JSON wherever a branch is guarded', () => {
    const nodesUnder = (node: Node): Node[] => [node, ...Object.values(node.states).flatMap(nodesUnder)];
    const guarded = nodesUnder(goalJobMachine.root).flatMap((node) =>
      branchesOf(node).filter(({ guard }) => guard !== undefined),
    );
    expect(guarded.length).toBeGreaterThan(200);
    for (const branch of guarded) expect(JSON.parse(JSON.stringify(branch))).toHaveProperty('guard');
    const written = JSON.stringify(goalJobMachine);
    expect(written).toContain('"guard":{"type":"isStale"}');
    expect(JSON.stringify(goalJobMachine.definition)).toBe(written);
  });

  it.each([
    ['a guard without a name', { guard: () => true, target: 'there' }],
    ['an action without a name', { actions: () => {}, target: 'there' }],
    ['a factory’s product', { guard: { type: 'guard' }, target: 'there' }],
    ['a collective', { actions: { type: 'note', params: {} }, target: 'there' }],
  ])('would be found to be mute with %s', (_, branch) => {
    // Boundary: the types refuse such a branch; this test is about what would happen if they did not.
    const config = { initial: 'here', states: { here: { always: branch }, there: {} } } as object;
    expect(foundIn(createMachine(config).root).filter(isMute)).toHaveLength(1);
  });
});
