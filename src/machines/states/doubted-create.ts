import { replyOf } from '../branch-params.js';
import { noteDetach } from './letting-go.js';

const noteStillUnknown = { type: 'noteStillUnknown', params: replyOf } as const;

/**
 * A repeated create failed, but the earlier one may have worked: so nothing has failed yet (law 1, never twice, and law 7, never
 * disowned).
 */
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
