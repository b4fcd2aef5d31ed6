import type { Download } from '../../services/wire/wire-types.js';
import type { ContextPatch } from '../job-context.js';
import type { SavedResult } from '../ports.js';
import type { Reply } from '../reply.js';

/** What is learned of the result (Step 8). */
export const resultActions = {
  keepUrl: (_: unknown, reply: Reply<Download>): ContextPatch => (reply.ok ? { download: reply.value } : {}),
  forgetUrl: (): ContextPatch => ({ download: undefined }),
  /** The wait that follows goes back to where a URL is asked for. */
  askForUrlNext: (): ContextPatch => ({ interrupted: 'locating' }),
  keepSaved: (_: unknown, reply: Reply<SavedResult>): ContextPatch =>
    reply.ok ? { saved: reply.value } : {},
};
