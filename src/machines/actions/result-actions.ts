import type { Download } from '../../services/wire/wire-types.js';
import type { JobContext } from '../job-context.js';
import type { SavedResult } from '../ports.js';
import type { Reply } from '../reply.js';

type Patch = Partial<JobContext>;

/** What is learned of the result (Step 8). */
export const resultActions = {
  keepUrl: (_: unknown, reply: Reply<Download>): Patch => (reply.ok ? { download: reply.value } : {}),
  forgetUrl: (): Patch => ({ download: undefined }),
  /** The wait that follows goes back to where a URL is asked for. */
  askForUrlNext: (): Patch => ({ interrupted: 'locating' }),
  keepSaved: (_: unknown, reply: Reply<SavedResult>): Patch => (reply.ok ? { saved: reply.value } : {}),
};
