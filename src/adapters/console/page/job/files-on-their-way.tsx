import type { JobFileView, JobView } from '../../../../engine/job/source/job-view.js';
import { TwoLegBar } from '../parts/two-leg-bar.js';
import { size } from '../words/times.js';

const STATE = { waiting: 'waits', uploading: 'is being sent', uploaded: 'at Convilyn' } as const;

function FileLine({ file: { name, bytes = 0, state, sentBytes } }: { readonly file: JobFileView }) {
  return (
    <li className="upload">
      <bdi className="upload-name">{name}</bdi>
      <span className="soft">{bytes === 0 ? '' : size(bytes)}</span>
      <TwoLegBar name={name} bytes={bytes} copied={bytes} sent={state === 'uploaded' ? bytes : sentBytes} />
      <span className="upload-state">{STATE[state]}</span>
    </li>
  );
}

/** Where the files of a job are that is not created yet: the second half of the bars that the form has begun. */
export function FilesOnTheirWay({ view }: { readonly view: JobView }) {
  if (view.state !== 'preparing' || view.files.length === 0) return null;
  return (
    <ul className="uploads" aria-label="Your files">
      {view.files.map((file, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name
        <FileLine key={`${file.handle} ${index}`} file={file} />
      ))}
    </ul>
  );
}
