import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Workflow } from '../../../../services/wire/wire-types.js';
import type { UploadedFile } from '../../wire/row.js';
import { call } from '../live/api.js';
import { type Draft, type DraftHandle, typedIn, useDraft } from '../live/drafts.js';
import { useConsole, useNow } from '../live/use-console.js';
import { useLost } from '../live/use-lost.js';
import { focusSlot, labelOf, SlotField } from '../parts/slot-field.js';
import { span, timeInWords } from '../words/times.js';
import { missingFiles } from './check-files.js';
import { addFiles, FileDrop, useUploads } from './file-drop.js';
import { sampleFiles } from './sample-files.js';
import { OWN } from './start-job.js';
import { type Upload, uploadStore } from './upload-store.js';
import { useStart } from './use-start.js';

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

/** The first thing that is missing; undefined if the job can be started. */
function problemOf(workflow: Workflow, uploads: readonly Upload[], draft: Draft): Problem | undefined {
  const files = missingFiles(uploads, workflow);
  if (files !== undefined) return { text: files };
  const failed = uploads.find(({ state }) => state === 'failed');
  if (failed !== undefined) return { text: `${failed.name} was not copied. Try it again or remove it.` };
  if (uploads.some(({ state }) => state !== 'done'))
    return { text: 'Your files are still being copied. Press Start again in a moment.' };
  const empty = workflow.requiredSlots.find(
    (slot) => slot.required && (typedIn(draft, slot.slotId) ?? '').trim() === '' && slot.value === undefined,
  );
  return empty && { text: `${labelOf(empty)} is missing.`, slotId: empty.slotId };
}

function FilesCard({ workflow, isEmpty }: { readonly workflow: Workflow; readonly isEmpty: boolean }) {
  return (
    <section className="card">
      <h2>Files</h2>
      <FileDrop workflow={workflow} />
      {isEmpty && (
        <button type="button" className="link" onClick={() => addFiles(sampleFiles(), workflow)}>
          Use two sample files
        </button>
      )}
    </section>
  );
}

interface SettingsProps extends Pick<DraftHandle, 'draft' | 'set'> {
  readonly slots: Workflow['requiredSlots'];
  readonly problem: Problem | undefined;
}

function SettingsCard({ slots, problem, draft, set }: SettingsProps) {
  if (slots.length === 0) return null;
  return (
    <section className="card">
      <h2>Settings</h2>
      {slots.map((slot) => (
        <SlotField
          key={slot.slotId}
          slot={slot}
          typed={typedIn(draft, slot.slotId) ?? ''}
          onType={(typed) => set(slot.slotId, typed)}
          {...(problem?.slotId === slot.slotId ? { error: problem.text } : {})}
        />
      ))}
    </section>
  );
}

/** Files, settings and Start: one press starts one job. */
export function RunForm({ workflow }: { readonly workflow: Workflow }) {
  const key = `run ${workflow.specId}`;
  const handle = useDraft(key);
  const { draft, set } = handle;
  const uploads = useUploads();
  const form = useRef<HTMLFormElement>(null);
  const [found, setProblem] = useState<Problem>();
  const onRefused = (text: string): void => setProblem({ text, isRefusal: true });
  const { isBusy, isStarting, start } = useStart({ workflow, key, draft: handle, onRefused });
  const { isLost, lostProps } = useLost(isBusy);
  useRestoredUploads();

  // A message goes as soon as what it asks for is there.
  const current = problemOf(workflow, uploads, draft);
  const problem = found?.isRefusal || current?.text === found?.text ? found : undefined;

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isStarting.current || isLost) return;
    setProblem(current);
    if (current === undefined) void start();
    else if (current.slotId !== undefined) focusSlot(form.current, current.slotId);
    else form.current?.querySelector<HTMLElement>('.file-input')?.focus();
  };

  return (
    <form ref={form} onSubmit={onSubmit} noValidate>
      <FilesCard workflow={workflow} isEmpty={uploads.length === 0} />
      <SettingsCard slots={workflow.requiredSlots} problem={problem} draft={draft} set={set} />
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
