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

/** The job is watched no longer, or not by a process that runs. */
const mayContinue = ({ view: { state }, isStored, driver }: JobRow): boolean =>
  state !== 'completed' &&
  state !== 'failed' &&
  (state === 'detached' || (isStored === true && driver === undefined));

interface ActionProps extends ReturnType<typeof useLost> {
  readonly words: string;
  readonly onPress: () => void;
}

/** A button for what needs the server: without a connection nothing can be sent, and nothing is asked. */
function Action({ words, onPress, isLost, lostProps }: ActionProps) {
  return (
    <button type="button" className="button" {...lostProps} onClick={() => !isLost && onPress()}>
      {words}
    </button>
  );
}

/** Fills the form of the workflow with what this job was started with. */
function prepareAgain({ view: { workflowId }, id, uploads = [] }: JobRow): void {
  uploadStore.clear();
  uploadStore.restore(uploads);
  writeDraft(`run ${workflowId}`, readDraft(`ran ${id}`));
}

/** What the buttons do at the server, and why it did not work. */
function useCommands(id: string, job: JobSource) {
  const [, navigate] = useLocation();
  const [error, setError] = useState('');
  const attempt = (work: Promise<unknown>): void => {
    setError('');
    work.catch((failure: unknown) => setError(wordsOf(failure)));
  };
  const resume = async (): Promise<void> => {
    // A fleet follows a job under a new id.
    const { id: as } = await call<{ id: string }>('POST', `/api/jobs/${id}/resume`);
    if (as !== id) navigate(`/jobs/${as}`, { replace: true });
  };
  return {
    error,
    resume: () => attempt(resume()),
    detach: () => attempt(Promise.resolve(job.send({ type: 'DETACH' }))),
    forget: () => attempt(call('DELETE', `/api/jobs/${id}`).then(() => navigate('/'))),
  };
}

/** The actions for a job besides answering. Each text also says what the action does not do. */
export function JobActions({ row, job }: { readonly row: JobRow; readonly job: JobSource }) {
  const { view } = row;
  const { workflowId } = view;
  const [, navigate] = useLocation();
  const [asked, setAsked] = useState<'stop' | 'forget'>();
  const lost = useLost();
  const { error, resume, detach, forget } = useCommands(row.id, job);
  const stop = stopOf(view);
  const isEnded = isOver(view);
  const runAgain = (): void => {
    prepareAgain(row);
    navigate(`/run/${encodeURIComponent(workflowId ?? '')}`);
  };
  const onClose = (): void => setAsked(undefined);
  return (
    <>
      <p className="actions">
        {isEnded && workflowId !== undefined && (
          <button type="button" className="button" onClick={runAgain}>
            Run again with the same settings
          </button>
        )}
        {mayContinue(row) && <Action {...lost} words="Continue watching" onPress={resume} />}
        {!isEnded && !row.isStored && stop !== undefined && (
          <Action {...lost} words={stop.action} onPress={() => setAsked('stop')} />
        )}
        {(isEnded || row.isStored) && row.driver === undefined && (
          <Action {...lost} words="Remove from this list" onPress={() => setAsked('forget')} />
        )}
      </p>
      {error !== '' && (
        <p role="alert" className="error">
          {error}
        </p>
      )}
      {asked === 'stop' && stop && <ConfirmDialog {...stop} onConfirm={detach} onClose={onClose} />}
      {asked === 'forget' && <ConfirmDialog {...FORGET} onConfirm={forget} onClose={onClose} />}
    </>
  );
}
