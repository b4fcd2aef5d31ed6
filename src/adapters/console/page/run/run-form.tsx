import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { Workflow } from '../../../../services/wire/wire-types.js';
import type { UploadedFile } from '../../wire/row.js';
import { call, wordsOf } from '../live/api.js';
import { type DraftHandle, typedIn, useDraft, writeDraft } from '../live/drafts.js';
import { useConsole, useNow } from '../live/use-console.js';
import { useLost } from '../live/use-lost.js';
import { focusSlot, labelOf, SlotField } from '../parts/slot-field.js';
import { span, timeInWords } from '../words/times.js';
import { missingFiles } from './check-files.js';
import { addFiles, FileDrop, useUploads } from './file-drop.js';
import { sampleFiles } from './sample-files.js';
import { jobIdOf, OWN, startJob } from './start-job.js';
import { uploadStore } from './upload-store.js';

const HOUR_MS = 3_600_000;

/** How many jobs are left today, shown before the button is pressed. */
function Quota() {
  const now = useNow();
  const creates = useConsole(({ limits }) => limits?.endpoints.create);
  const { remaining, resetAt } = creates ?? {};
  const isOver = resetAt !== undefined && resetAt <= now;
  if (remaining === undefined || isOver) return null;
  // The reference speaks of jobs a day; a server may count by the minute.
  const today = resetAt === undefined || resetAt - now > HOUR_MS ? ' today' : '';
  if (remaining > 0)
    return (
      <p className="soft">
        Uses 1 of {remaining} jobs left{today}.
      </p>
    );
  const when =
    resetAt === undefined ? '' : ` New ones from ${timeInWords(resetAt, now)} (in ${span(resetAt - now)}).`;
  return (
    <p className="soft">
      You have no jobs left{today}.{when} This one waits in line until then.
    </p>
  );
}

function More({ draft, set }: Pick<DraftHandle, 'draft' | 'set'>) {
  const box = (name: string, label: string) => (
    <label className="check">
      <input
        type="checkbox"
        checked={draft[name] === 'yes'}
        onChange={({ target }) => set(name, target.checked ? 'yes' : '')}
      />
      {label}
    </label>
  );
  return (
    <details>
      <summary>More</summary>
      {box(OWN.confirm, 'Ask me before it starts')}
      {box(OWN.priority, 'Before other jobs that wait')}
    </details>
  );
}

/** Restores files that the server still has after a reload. */
function useRestoredUploads(): void {
  useEffect(() => {
    call<{ uploads: readonly UploadedFile[] }>('GET', '/api/uploads').then(
      ({ uploads }) => uploadStore.restoreOwn(uploads),
      () => undefined,
    );
  }, []);
}

interface Problem {
  readonly text: string;
  readonly slotId?: string;
  /** It was refused by the server: shown until the next press. */
  readonly isRefusal?: true;
}

/** Files, settings and Start: one press starts one job. */
export function RunForm({ workflow }: { readonly workflow: Workflow }) {
  const [, navigate] = useLocation();
  const key = `run ${workflow.specId}`;
  const { draft, set, clear } = useDraft(key);
  /** A ref, so that two presses in the same moment see the change at once. */
  const isStarting = useRef(false);
  const uploads = useUploads();
  const form = useRef<HTMLFormElement>(null);
  const [found, setProblem] = useState<Problem>();
  const [isBusy, setBusy] = useState(false);
  const { isLost, lostProps } = useLost(isBusy);
  useRestoredUploads();

  const findProblem = (): Problem | undefined => {
    const files = missingFiles(uploads, workflow);
    if (files !== undefined) return { text: files };
    const failed = uploads.find(({ state }) => state === 'failed');
    if (failed !== undefined) return { text: `${failed.name} was not copied. Try it again or remove it.` };
    if (uploads.some(({ state }) => state !== 'done'))
      return { text: 'Your files are still being copied. Press Start again in a moment.' };
    const empty = workflow.requiredSlots.find(
      (slot) =>
        slot.required && (typedIn(draft, slot.slotId) ?? '').trim() === '' && slot.value === undefined,
    );
    return empty && { text: `${labelOf(empty)} is missing.`, slotId: empty.slotId };
  };

  // A message goes as soon as what it asks for is there.
  const problem = found?.isRefusal || findProblem()?.text === found?.text ? found : undefined;

  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isStarting.current || isLost) return;
    const next = findProblem();
    setProblem(next);
    if (next?.slotId !== undefined) focusSlot(form.current, next.slotId);
    else if (next !== undefined) form.current?.querySelector<HTMLElement>('.file-input')?.focus();
    if (next !== undefined) return;
    isStarting.current = true;
    setBusy(true);
    const id = jobIdOf(key, set);
    try {
      await startJob(workflow, draft, id);
      // The draft for running it again.
      writeDraft(
        `ran ${id}`,
        Object.fromEntries(Object.entries(draft).filter(([name]) => name !== OWN.jobId)),
      );
      clear();
      uploadStore.clear();
      navigate(`/jobs/${id}`);
    } catch (error) {
      setProblem({ text: wordsOf(error), isRefusal: true });
      isStarting.current = false;
      setBusy(false);
    }
  };

  return (
    <form ref={form} onSubmit={(event) => void onSubmit(event)} noValidate>
      <section className="card">
        <h2>Files</h2>
        <FileDrop workflow={workflow} />
        {uploads.length === 0 && (
          <button type="button" className="link" onClick={() => addFiles(sampleFiles(), workflow)}>
            Use two sample files
          </button>
        )}
      </section>
      {workflow.requiredSlots.length > 0 && (
        <section className="card">
          <h2>Settings</h2>
          {workflow.requiredSlots.map((slot) => (
            <SlotField
              key={slot.slotId}
              slot={slot}
              typed={typedIn(draft, slot.slotId) ?? ''}
              onType={(typed) => set(slot.slotId, typed)}
              {...(problem?.slotId === slot.slotId ? { error: problem.text } : {})}
            />
          ))}
        </section>
      )}
      <section className="card start">
        <More draft={draft} set={set} />
        <div role="alert">
          {problem !== undefined && problem.slotId === undefined && <p className="error">{problem.text}</p>}
        </div>
        <p className="actions">
          <button type="submit" className="button primary large" {...lostProps}>
            {isBusy ? 'Starting…' : 'Start'}
          </button>
        </p>
        <Quota />
      </section>
    </form>
  );
}
