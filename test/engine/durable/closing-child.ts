/**
 * A process that stores and runs jobs, closes them, and kills itself as soon as so many are stored as detached. Half of them wait
 * for their turn to read, the others for a person.
 */
import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { currentOwner, openSqliteStore } from '../../../src/engine/store/index.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { createWorld } from './world.js';

const [path = '', jobs = '0', detached = '0'] = process.argv.slice(2);

const opened = await openSqliteStore({ path });
const stored = { saved: 0, amended: 0 };
function note(how: keyof typeof stored, state: string): void {
  if (state === 'detached') stored[how] += 1;
  if (stored.saved + stored.amended !== Number(detached)) return;
  writeSync(1, `${JSON.stringify(stored)}\n`);
  process.kill(process.pid, 'SIGKILL');
}
const { open, ports } = createWorld({
  ...opened,
  async save(record, options) {
    const outcome = await opened.save(record, options);
    note('saved', record.state);
    return outcome;
  },
  async amend(...args) {
    const outcome = (await opened.amend?.(...args)) ?? 'impossible';
    if (outcome === 'written') note('amended', args[1].state);
    return outcome;
  },
});
const getJob: JobPorts['getJob'] = async (input, options) => {
  const isWaiting = Number(input.jobSpecId.split('_')[1]) % 2 === 0;
  const job = await ports.getJob(input, options);
  return isWaiting ? { ...job, status: 'executing', statusWord: 'executing', slots: [] } : job;
};
const running = open('closing', { owner: currentOwner(), ports: { ...ports, getJob } });
for (let at = 0; at < Number(jobs); at += 1)
  await running.start({ jobSpecId: `job_${at}` }, { id: `job-${at}` });
while (((await opened.counts()).executing ?? 0) < Number(jobs) / 2) await nextTurn();
await running.close();
writeSync(1, 'closed\n');
