import { X } from 'lucide-react';
import { type DragEvent, useId, useState, useSyncExternalStore } from 'react';
import type { Workflow } from '../../../../services/wire/wire-types.js';
import { TwoLegBar } from '../parts/two-leg-bar.js';
import { size } from '../words/times.js';
import { formatsOf, refusalOf, sizeLimit } from './check-files.js';
import { type Upload, uploadStore } from './upload-store.js';

export const useUploads = (): readonly Upload[] =>
  useSyncExternalStore(uploadStore.subscribe, uploadStore.get);

/** Adds the files that the workflow accepts; returns why it refuses the others, before anything is sent. */
export function addFiles(chosen: readonly File[], workflow: Workflow): readonly string[] {
  const refusals: string[] = [];
  const taken: { name: string; bytes: number }[] = [...uploadStore.get()];
  const fits = chosen.filter((file) => {
    const named = { name: file.name, bytes: file.size };
    const refusal = refusalOf(named, taken, workflow);
    if (refusal === undefined) taken.push(named);
    else refusals.push(refusal);
    return refusal === undefined;
  });
  uploadStore.add(fits);
  return refusals;
}

const STATE: Readonly<Record<Upload['state'], string>> = {
  waiting: 'waits',
  sending: 'is being copied',
  done: 'copied',
  failed: 'not copied',
};

function UploadLine({ upload }: { readonly upload: Upload }) {
  const { id, name, bytes, sent, state, error } = upload;
  return (
    <li className={`upload ${state}`}>
      <bdi className="upload-name">{name}</bdi>
      <span className="soft">{size(bytes)}</span>
      <TwoLegBar name={name} bytes={bytes} copied={state === 'done' ? bytes : sent} sent={0} />
      <span className="upload-state">{STATE[state]}</span>
      {state === 'failed' && (
        <button type="button" className="button small" onClick={() => uploadStore.retry(id)}>
          Try again
        </button>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={`Remove ${name}`}
        onClick={() => uploadStore.remove(id)}
      >
        <X aria-hidden="true" size={18} />
      </button>
      {error !== undefined && <p className="error">{error}</p>}
    </li>
  );
}

const wantedWords = ({ minFileCount = 1 }: Workflow): string =>
  minFileCount <= 1 ? 'Drop your files here' : `Drop ${minFileCount} or more files here`;

const rulesOf = (workflow: Workflow): readonly string[] => {
  const { supportedInputFormats, maxInputSizeBytes } = workflow;
  return [
    supportedInputFormats.length === 0 ? '' : formatsOf(workflow),
    maxInputSizeBytes === undefined ? '' : `${sizeLimit(maxInputSizeBytes)} in all`,
  ].filter(Boolean);
};

interface DropAreaProps {
  readonly workflow: Workflow;
  readonly onFiles: (list: FileList | null) => void;
}

/** The area to drop or choose files. */
function DropArea({ workflow, onFiles }: DropAreaProps) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    onFiles(event.dataTransfer.files);
  };
  const rules = rulesOf(workflow);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the first
    <div
      className={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <span>{wantedWords(workflow)}, or</span>
      <label className="button" htmlFor={id}>
        Choose files
      </label>
      <input
        id={id}
        className="file-input"
        type="file"
        multiple
        accept={workflow.supportedInputFormats.map((format) => `.${format}`).join(',')}
        onChange={({ target }) => {
          onFiles(target.files);
          target.value = '';
        }}
      />
      {rules.length > 0 && <span className="soft">{rules.join(' · ')}</span>}
    </div>
  );
}

/** The files of the next job: chosen, refused, or on their way to this computer. */
export function FileDrop({ workflow }: { readonly workflow: Workflow }) {
  const uploads = useUploads();
  const [refusals, setRefusals] = useState<readonly string[]>([]);
  return (
    <div>
      <DropArea workflow={workflow} onFiles={(list) => setRefusals(addFiles([...(list ?? [])], workflow))} />
      <div role="alert">
        {refusals.map((refusal) => (
          <p className="error" key={refusal}>
            {refusal}
          </p>
        ))}
      </div>
      <ul className="uploads" aria-label="Your files">
        {uploads.map((upload) => (
          <UploadLine key={upload.id} upload={upload} />
        ))}
      </ul>
      {uploads.some(({ state }) => state === 'done') && (
        <p className="soft small-text">
          Copied files wait on this computer. They go to Convilyn when you press Start.
        </p>
      )}
    </div>
  );
}
