import type { Download } from '../../services/wire/wire-types.js';
import type { ContextPatch } from '../job-context.js';
import type { SavedResult } from '../ports.js';
import type { Reply } from '../reply.js';

/** Record what is known of the result ("Step 8: Download Results"). */
export const resultActions = {
  keepUrl: (_: unknown, reply: Reply<Download>): ContextPatch => (reply.ok ? { download: reply.value } : {}),
  forgetUrl: (): ContextPatch => ({ download: undefined }),
  /** After the wait, ask for a fresh URL. */
  askForUrlNext: (): ContextPatch => ({ interrupted: 'locating' }),
  keepSaved: (_: unknown, reply: Reply<SavedResult>): ContextPatch =>
    reply.ok ? { saved: reply.value } : {},
};
