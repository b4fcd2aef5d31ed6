import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** A folder in which `goal-lane`, as it was built, finds another XState than here, and all else where it is. */
export async function packageWithXState(dir: string, xstate: string): Promise<string> {
  const modules = join(dir, 'node_modules');
  const own = join(modules, 'goal-lane');
  await mkdir(own, { recursive: true });
  await cp('dist', join(own, 'dist'), { recursive: true });
  await cp('package.json', join(own, 'package.json'));
  const others = await readdir('node_modules');
  for (const name of others.filter((each) => each !== 'xstate' && !each.startsWith('.')))
    await symlink(resolve('node_modules', name), join(modules, name));
  await cp(xstate, join(modules, 'xstate'), { recursive: true });
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  return own;
}

/** What a host with that XState writes: types of the chart, of the ports and of a parent. */
export const USES = `
import { bindPorts } from 'goal-lane/job';
import { goalJobMachine, type GoalJobMachine, type JobPorts } from 'goal-lane/machines';
import { createActor, setup, type SnapshotFrom } from 'xstate';

declare const ports: JobPorts;
const machine: GoalJobMachine = bindPorts(ports);
const actor = createActor(machine, { input: { workflowId: 'w', files: ['a.pdf'], deadlineAt: undefined } });
actor.on('inputNeeded', ({ request }) => request.missing.length);
export const isExecuting = (snapshot: SnapshotFrom<typeof goalJobMachine>): boolean =>
  snapshot.matches('executing') || snapshot.hasTag('user-input');
export const parent = setup({ actors: { job: machine } }).createMachine({
  invoke: { src: 'job', input: { jobSpecId: 'job_1' }, onDone: { actions: ({ event }) => event.output.status } },
});
// @ts-expect-error no such workflow input
createActor(machine, { input: { workflowId: 3 } });
`;
