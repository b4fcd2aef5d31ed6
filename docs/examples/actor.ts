import { bindPorts, createNodeClient, createNodePorts } from 'goal-lane';
import { createActor } from 'xstate';

const client = createNodeClient();
const machine = bindPorts(createNodePorts({ client, outDir: 'results' }));
const files = ['resume.pdf', 'job-description.pdf'];
const actor = createActor(machine, { input: { workflowId: 'goal_lane.cover_letter', files } }).start();
actor.subscribe(({ value, output }) => console.log(value, output?.status ?? ''));
