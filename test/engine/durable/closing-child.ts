/** A process that stores and runs jobs, closes them, and kills itself as soon as so many are stored as detached. */
import { writeSync } from 'node:fs';
import { currentOwner, openSqliteStore } from '../../../src/engine/store/index.js';
import { createWorld } from './world.js';

const [path = '', jobs = '0', detached = '0'] = process.argv.slice(2);

const opened = await openSqliteStore({ path });
let stored = 0;
const { open } = createWorld({
  ...opened,
  async save(record, options) {
    const outcome = await opened.save(record, options);
    if (record.state === 'detached') stored += 1;
    if (stored === Number(detached)) {
      writeSync(1, `${stored}\n`);
      process.kill(process.pid, 'SIGKILL');
    }
    return outcome;
  },
});
const running = open('closing', { owner: currentOwner() });
for (let at = 0; at < Number(jobs); at += 1)
  await running.start({ jobSpecId: `job_${at}` }, { id: `job-${at}` });
await running.close();
writeSync(1, 'closed\n');
