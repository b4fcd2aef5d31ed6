import { createMemoryStore } from '../../../../src/engine/store/memory/memory-store.js';
import { describeJobStore } from '../job-store-contract.js';

describeJobStore('memory store', async (options) => createMemoryStore(options));
