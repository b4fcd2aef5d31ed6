/**
 * The emulator as a process of its own, in fast time. What it was asked is written to a journal before it answers, and read again
 * when it is restarted: so it can be killed like a server with a database.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { type EmulatorModel, startEmulator } from '../../../src/adapters/emulator/index.js';
import { fastNow } from './fast-time.js';
import { CRASH_WORKFLOW, keyOf } from './scene.js';

const [journal = '', keys = '1', port = '0', storagePort = '0'] = process.argv.slice(2);
const NO_LIMIT = Number.POSITIVE_INFINITY;

const emulator = await startEmulator({
  port: Number(port),
  storagePort: Number(storagePort),
  // What the journal holds must mean the same to the next process.
  seed: 1,
  clock: { now: fastNow },
  workflows: [CRASH_WORKFLOW],
  apiKeys: Array.from({ length: Number(keys) }, (_, index) => ({ key: keyOf(index), label: keyOf(index) })),
  plan: { createsPerDay: NO_LIMIT, statusReadsPerMinute: NO_LIMIT, concurrentJobs: NO_LIMIT },
});

const { exchange } = emulator.model;
type Exchange = Parameters<EmulatorModel['exchange']>;
if (existsSync(journal)) {
  for (const line of readFileSync(journal, 'utf8').split('\n').slice(0, -1)) {
    // Boundary: what this very program has written.
    exchange(...(JSON.parse(line) as Exchange));
  }
}
const journaled = (...asked: Exchange): ReturnType<typeof exchange> => {
  appendFileSync(journal, `${JSON.stringify(asked)}\n`);
  return exchange(...asked);
};
Object.assign(emulator.model, { exchange: journaled });

process.on('message', (key) => process.send?.(emulator.log.filter((entry) => entry.key === key)));
process.on('disconnect', () => process.exit(0));
process.send?.({ baseUrl: emulator.baseUrl, storageUrl: emulator.storageUrl });
