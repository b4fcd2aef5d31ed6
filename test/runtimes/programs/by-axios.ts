import axios from 'axios';
import * as browser from '../../../src/adapters/browser/index.js';
import type { Site, Told } from '../site.js';
import { blobJob } from './blob-job.js';

/** The transport that axios takes here: XMLHttpRequest on a page, fetch elsewhere. Neither can stream everywhere: results come by fetch. */
export const runJob = (site: Site): Promise<Told> =>
  blobJob(browser, site, { adapter: axios.getAdapter(axios.defaults.adapter), fetch });
