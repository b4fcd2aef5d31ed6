import { useId, useState } from 'react';
import type { JobSource } from '../../../../engine/job/source/job-source.js';
import type { CreateDecision } from '../../../../engine/job/source/job-view.js';
import { SendButton } from '../parts/send-button.js';

interface DecisionCardProps {
  readonly job: JobSource;
  readonly decision: CreateDecision;
}

type Send = (command: Parameters<JobSource['send']>[0]) => Promise<void>;

/** The person has found the job. */
function LookUp({ send }: { readonly send: Send }) {
  const id = useId();
  const [number, setNumber] = useState('');
  return (
    <li>
      <h3>Look it up</h3>
      <p>Open your Convilyn account. If the job is there, paste its number:</p>
      <p className="actions">
        <label className="sr-only" htmlFor={id}>
          Number of the job
        </label>
        <input
          id={id}
          type="text"
          value={number}
          autoComplete="off"
          onChange={({ target }) => setNumber(target.value)}
        />
        <SendButton send={() => send({ type: 'ADOPT', jobSpecId: number.trim() })}>Follow it</SendButton>
      </p>
    </li>
  );
}

/** It is unknown whether the job exists: offers three choices with their risks, none preselected. */
export function DecisionCard({ job, decision }: DecisionCardProps) {
  const send: Send = async (command) => job.send(command);
  return (
    <section className="card needs-card">
      <h2>Was it started, or not?</h2>
      <p>
        We sent the order to start, but the answer got lost. Convilyn may have started it or not. We will not
        send it twice by ourselves.
      </p>
      <details>
        <summary>What went wrong</summary>
        <p dir="auto">{decision.failure.message}</p>
      </details>
      <ol className="ways">
        <LookUp send={send} />
        <li>
          <h3>Start it again</h3>
          <p>If the first one did start, you will have two jobs, and both count.</p>
          <SendButton send={() => send({ type: 'RETRY' })}>Start again</SendButton>
        </li>
        <li>
          <h3>Leave it</h3>
          <p>Do nothing now; it stays in the list.</p>
          <SendButton send={() => send({ type: 'DETACH' })}>Leave it</SendButton>
        </li>
      </ol>
    </section>
  );
}
