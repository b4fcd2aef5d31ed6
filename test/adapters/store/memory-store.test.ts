import { createMemoryStore } from '../../../src/adapters/store/memory-store.js';
import { describeJobStore } from './job-store-contract.js';

describeJobStore('memory store', async (options) => createMemoryStore(options));
