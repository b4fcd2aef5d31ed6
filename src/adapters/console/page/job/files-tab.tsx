import type { JobView } from '../../../../engine/job/source/job-view.js';
import { useLoaded } from '../live/use-console.js';
import { size } from '../words/times.js';

interface Entries {
  readonly entries: readonly {
    readonly index: number;
    readonly name: string;
    readonly bytes: number;
    readonly isOdd: boolean;
  }[];
}

const STATE = { waiting: 'waits', uploading: 'is being sent', uploaded: 'sent' } as const;

function Sent({ files }: Pick<JobView, 'files'>) {
  if (files.length === 0) return <p className="soft">No files.</p>;
  return (
    <ul className="files">
      {files.map(({ handle, name, bytes, state, sentBytes }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name
        <li key={`${handle} ${index}`}>
          <bdi>{name}</bdi> <span className="soft">{bytes === undefined ? '' : size(bytes)}</span>{' '}
          {STATE[state]}
          {state === 'uploading' && (
            <progress max={Math.max(1, bytes ?? 1)} value={sentBytes} aria-label={name} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Inside({ id }: { readonly id: string }) {
  const { value, error } = useLoaded<Entries>(`/api/jobs/${id}/result/entries`);
  if (error !== undefined) return <p className="soft">{error}</p>;
  if (value === undefined) return <p className="soft">Looking inside…</p>;
  return (
    <ul className="files">
      {value.entries.map(({ index, name, bytes, isOdd }) => (
        <li key={index}>
          <bdi>{name}</bdi> <span className="soft">{size(bytes)}</span>
          {isOdd && <span className="error"> odd name: open with care</span>}
        </li>
      ))}
    </ul>
  );
}

/** The files that were sent, and the content of the result. */
export function FilesTab({ id, view }: { readonly id: string; readonly view: JobView }) {
  return (
    <>
      <h3>Sent</h3>
      <Sent files={view.files} />
      {view.state === 'completed' && (
        <>
          <h3>In the result</h3>
          <Inside id={id} />
        </>
      )}
    </>
  );
}
