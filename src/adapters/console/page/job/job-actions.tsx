import { useState } from 'react';
import { useLocation } from 'wouter';
import type { JobSource } from '../../../../engine/job/source/job-source.js';
import type { JobRow } from '../../wire/row.js';
import { call, wordsOf } from '../live/api.js';
import { readDraft, writeDraft } from '../live/drafts.js';
import { useLost } from '../live/use-lost.js';
import { ConfirmDialog } from '../parts/dialog.js';
import { uploadStore } from '../run/upload-store.js';
import { isOver } from '../words/headline.js';

const STOP = {
  title: 'Stop watching?',
  text: 'The job continues at Convilyn; Convilyn offers no way to stop it. You can watch it again later.',
  action: 'Stop watching',
} as const;
const CANCEL = {
  title: 'Cancel?',
  text: 'Nothing was started. Files already sent are deleted by Convilyn within 24 hours.',
  action: 'Cancel the job',
} as const;
/** The order to create the job may be on its way. */
const LET_GO = {
  title: 'Stop watching?',
  text: 'The request to start may have reached Convilyn already. If it has, the job continues there.',
  action: 'Stop watching',
} as const;
const MAY_BE_STARTED: readonly string[] = ['preparing.takingTicket', 'preparing.creating'];

/** What letting a job go means now; undefined if its three choices say so already. */
function stopOf({ jobSpecId, needs, path }: JobRow['view']) {
  if (needs === 'decision') return undefined;
  if (jobSpecId !== undefined) return STOP;
  return MAY_BE_STARTED.some((step) => path.startsWith(step)) ? LET_GO : CANCEL;
}

const FORGET = {
  title: 'Remove from this list?',
  text: 'Takes it off this list and this computer. It is not deleted at Convilyn, and a saved result stays where it is.',
  action: 'Remove',
} as const;

/** The actions for a job besides answering. Each text also says what the action does not do. */
export function JobActions({ row, job }: { readonly row: JobRow; readonly job: JobSource }) {
  const { view, id } = row;
  const [, navigate] = useLocation();
  const [asked, setAsked] = useState<'stop' | 'forget'>();
  const [error, setError] = useState('');
  const attempt = (work: Promise<unknown>): void => {
    setError('');
    work.catch((failure: unknown) => setError(wordsOf(failure)));
  };
  const { isLost, lostProps } = useLost();
  /** Without a connection nothing can be sent, and nothing is asked. */
  const press = (work: () => void) => ({ ...lostProps, onClick: () => !isLost && work() });
  const stop = stopOf(view);
  const isEnded = isOver(view);
  const resume = async (): Promise<void> => {
    // A fleet follows a job under a new id.
    const { id: as } = await call<{ id: string }>('POST', `/api/jobs/${id}/resume`);
    if (as !== id) navigate(`/jobs/${as}`, { replace: true });
  };
  const runAgain = (): void => {
    uploadStore.clear();
    uploadStore.restore(row.uploads ?? []);
    writeDraft(`run ${view.workflowId}`, readDraft(`ran ${id}`));
    navigate(`/run/${encodeURIComponent(view.workflowId ?? '')}`);
  };
  return (
    <>
      <p className="actions">
        {isEnded && view.workflowId !== undefined && (
          <button type="button" className="button" onClick={runAgain}>
            Run again with the same settings
          </button>
        )}
        {(view.state === 'detached' || (row.isStored && row.driver === undefined)) &&
          view.state !== 'completed' &&
          view.state !== 'failed' && (
            <button type="button" className="button" {...press(() => attempt(resume()))}>
              Continue watching
            </button>
          )}
        {!isEnded && !row.isStored && stop !== undefined && (
          <button type="button" className="button" {...press(() => setAsked('stop'))}>
            {stop.action}
          </button>
        )}
        {(isEnded || row.isStored) && row.driver === undefined && (
          <button type="button" className="button" {...press(() => setAsked('forget'))}>
            Remove from this list
          </button>
        )}
      </p>
      {error !== '' && (
        <p role="alert" className="error">
          {error}
        </p>
      )}
      {asked === 'stop' && stop !== undefined && (
        <ConfirmDialog
          {...stop}
          onConfirm={() => attempt(Promise.resolve(job.send({ type: 'DETACH' })))}
          onClose={() => setAsked(undefined)}
        />
      )}
      {asked === 'forget' && (
        <ConfirmDialog
          {...FORGET}
          onConfirm={() => attempt(call('DELETE', `/api/jobs/${id}`).then(() => navigate('/')))}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}
