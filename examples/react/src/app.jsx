import { runBrowserJob } from 'goal-lane/browser';
import { useGoalJob } from 'goal-lane/react';
import { useState } from 'react';

/** Choose a file, watch the job, answer what it asks, save what it made. */
export function App({ client }) {
  const [source, setSource] = useState();
  if (source !== undefined) return <Job source={source} />;
  const start = ({ target }) => {
    const [file] = target.files;
    setSource(
      runBrowserJob({ client, job: { workflowId: 'goal_lane.resume_tailor', files: { [file.name]: file } } }),
    );
  };
  return (
    <label>
      Your résumé <input type="file" onChange={start} />
    </label>
  );
}

function Job({ source }) {
  const job = useGoalJob(source);
  switch (job.needs) {
    case 'slots':
      return <Question request={job.request} onAnswer={job.submit} />;
    case 'confirm':
      return (
        <button type="button" onClick={job.confirm}>
          Start
        </button>
      );
    case 'decision':
      return (
        <button type="button" onClick={job.detach}>
          It is not known whether the job was created. Leave it
        </button>
      );
    default:
      return job.state === 'completed' ? (
        <Result source={source} />
      ) : (
        <p role="status">
          {job.failure?.message ?? job.wait?.why ?? job.state}{' '}
          {job.progress !== undefined && <progress max="100" value={job.progress} />}
        </p>
      );
  }
}

function Question({ request, onAnswer }) {
  const answer = (event) => {
    event.preventDefault();
    onAnswer(Object.fromEntries(new FormData(event.target)));
  };
  return (
    <form onSubmit={answer}>
      <p>{request.checkpoint?.stepOutputPreview}</p>
      {request.missing.map((slotId) => (
        <label key={slotId}>
          {slotId} <input name={slotId} required />
        </label>
      ))}
      <button type="submit">Send</button>
    </form>
  );
}

function Result({ source }) {
  const save = async () => {
    const { name, blob } = await source.blob();
    const link = Object.assign(document.createElement('a'), {
      href: URL.createObjectURL(blob),
      download: name,
    });
    link.click();
  };
  return (
    <button type="button" onClick={save}>
      Save the result
    </button>
  );
}
