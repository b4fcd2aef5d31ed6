import { replyOf } from '../branch-params.js';
import { noteDetach } from './letting-go.js';

const noteStillUnknown = { type: 'noteStillUnknown', params: replyOf } as const;

/** Before a create that is repeated has an answer: what refuses it says nothing of the one before, so that nothing has failed (laws 1 and 7). */
export const doubtBranches = [
  {
    guard: { type: 'createIsDoubtedAndHostDecides', params: replyOf },
    target: '#goalJob.preparing.outcomeUnknown',
    actions: [noteStillUnknown],
  },
  {
    guard: { type: 'createIsDoubted', params: replyOf },
    target: '#goalJob.detached',
    actions: [noteStillUnknown, noteDetach('outcome-unknown')],
  },
] as const;
