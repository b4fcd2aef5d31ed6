import * as browser from '../../../src/adapters/browser/index.js';
import type { Site, Told } from '../site.js';
import { blobJob } from './blob-job.js';

export const runJob = (site: Site): Promise<Told> => blobJob(browser, site);
