import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Workflow } from '../../../../services/wire/wire-types.js';
import { wordsOf } from '../live/api.js';
import { type DraftHandle, writeDraft } from '../live/drafts.js';
import { jobIdOf, OWN, startJob } from './start-job.js';
import { uploadStore } from './upload-store.js';

interface Start {
  /** The workflow and what was typed for it. */
  readonly workflow: Workflow;
  /** The key of the draft. */
  readonly key: string;
  readonly draft: DraftHandle;
  readonly onRefused: (words: string) => void;
}

/** Starts the job of a form, once for any number of presses, and opens its page. */
export function useStart({ workflow, key, draft: { draft, set, clear }, onRefused }: Start) {
  const [, navigate] = useLocation();
  /** A ref, so that two presses in the same moment see the change at once. */
  const isStarting = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const start = async (): Promise<void> => {
    isStarting.current = true;
    setBusy(true);
    const id = jobIdOf(key, set);
    try {
      await startJob(workflow, draft, id);
      // The draft for running it again.
      const typed = Object.entries(draft).filter(([name]) => name !== OWN.jobId);
      writeDraft(`ran ${id}`, Object.fromEntries(typed));
      clear();
      uploadStore.clear();
      navigate(`/jobs/${id}`);
    } catch (error) {
      onRefused(wordsOf(error));
      isStarting.current = false;
      setBusy(false);
    }
  };
  return { isBusy, isStarting, start };
}
