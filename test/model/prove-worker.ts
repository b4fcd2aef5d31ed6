import { parentPort } from 'node:worker_threads';
import { proveWorld } from './prove-world.js';

/** A thread that proves the given worlds, one after another. */
parentPort?.on('message', (world: string) => parentPort?.postMessage(proveWorld(world)));
