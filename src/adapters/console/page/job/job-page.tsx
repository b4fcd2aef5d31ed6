import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { JobSource } from '../../../../engine/job/source/job-source.js';
import type { JobView } from '../../../../engine/job/source/job-view.js';
import { type GoalJob, useGoalJob } from '../../../react/index.js';
import { questionKey } from '../../wire/events.js';
import type { JobRow, RequestEntry, SentAnswer } from '../../wire/row.js';
import { AnswerForm, answerDraft } from '../answer/answer-form.js';
import { DecisionCard } from '../answer/decision-card.js';
import { SentNote } from '../answer/sent-note.js';
import { filesInWords } from '../jobs/job-row.js';
import { call } from '../live/api.js';
import { type Draft, readDraft } from '../live/drafts.js';
import { remoteJob } from '../live/remote-jobs.js';
import { useConsole, useLoaded, useNow, useRow, useWorkflowName } from '../live/use-console.js';
import { Countdown } from '../parts/countdown.js';
import { SendButton } from '../parts/send-button.js';
import { StatusIcon } from '../parts/status-icon.js';
import { Tabs } from '../parts/tabs.js';
import { useTitle } from '../shell/use-title.js';
import { type Headline, headlineOfRow } from '../words/headline.js';
import { clockTime, span } from '../words/times.js';
import { ChartTab } from './chart-tab.js';
import { FilesOnTheirWay } from './files-on-their-way.js';
import { FilesTab } from './files-tab.js';
import { HistoryTab } from './history-tab.js';
import { JobActions } from './job-actions.js';
import { RequestsTab } from './requests-tab.js';
import { useHistory } from './use-history.js';

interface AnsweredElsewhere {
  readonly sent: SentAnswer;
  /** What was typed here and not sent. */
  readonly typed: Draft;
}

/** The question that was open here when somebody else answered it. */
function useAnsweredElsewhere(id: string, view: JobView): [AnsweredElsewhere | undefined, () => void] {
  const open = view.needs === 'slots' ? questionKey(view.request) : undefined;
  const before = useRef<string>(undefined);
  const own = useRef<string>(undefined);
  const [sent, setSent] = useState<AnsweredElsewhere>();
  useEffect(() => {
    const was = before.current;
    before.current = open;
    if (open !== undefined) setSent(undefined);
    if (was === undefined || was === open || own.current === was) return;
    call<{ sent: SentAnswer | null }>(
      'GET',
      `/api/jobs/${id}/answer?question=${encodeURIComponent(was)}`,
    ).then(
      ({ sent }) => sent !== null && setSent({ sent, typed: readDraft(answerDraft(id, was)) }),
      () => undefined,
    );
  }, [open, id]);
  return [
    sent,
    () => {
      own.current = before.current;
    },
  ];
}

function Needs({
  job,
  view,
  onSent,
}: {
  readonly job: JobSource;
  readonly view: GoalJob;
  readonly onSent: () => void;
}) {
  if (view.needs === 'slots')
    return (
      <AnswerForm
        key={questionKey(view.request)}
        jobId={job.id}
        request={view.request}
        submit={(values) => {
          onSent();
          return view.submit(values);
        }}
        onSent={() => undefined}
      />
    );
  if (view.needs === 'decision') return <DecisionCard job={job} decision={view.decision} />;
  if (view.needs === 'confirm')
    return (
      <section className="card needs-card">
        <h2>It is ready</h2>
        <p>The job has everything that it asked for. Nothing happens until you start it.</p>
        <SendButton isPrimary send={async () => job.confirm()}>
          Start now
        </SendButton>
      </section>
    );
  return null;
}

function Result({ row, now }: { readonly row: JobRow; readonly now: number }) {
  const { view, id } = row;
  const isStuck = view.state === 'detached' && view.detachReason !== 'requested';
  if ((view.state === 'failed' || isStuck) && view.failure !== undefined)
    return (
      <section className="card">
        <h2>What now</h2>
        <p dir="auto">{view.failure.advice}</p>
      </section>
    );
  if (view.state !== 'completed') return null;
  const { resultExpiresAt } = view.retention;
  return (
    <section className="card result">
      <h2>The result</h2>
      <p className="actions">
        <a className="button primary large" href={`/api/jobs/${id}/result`} download data-key="download">
          Download
        </a>
        {resultExpiresAt !== undefined && resultExpiresAt > now && (
          <span className="soft">
            Convilyn keeps it for {span(resultExpiresAt - now)} more. What is saved here stays.
          </span>
        )}
      </p>
      {view.result?.warning !== undefined && <p className="error">{view.result.warning}</p>}
    </section>
  );
}

interface DetailsProps {
  readonly row: JobRow;
  readonly now: number;
}

function Details({ row, now }: DetailsProps) {
  const { id, view } = row;
  const [chosen, setChosen] = useState('history');
  const { entries, isRead, earlier } = useHistory(id, view);
  const { value } = useLoaded<{ requests: readonly RequestEntry[] | null }>(
    chosen === 'requests' ? `/api/jobs/${id}/requests` : undefined,
    view,
  );
  return (
    <Tabs
      label="Details"
      chosen={chosen}
      onChoose={setChosen}
      tabs={[
        {
          id: 'history',
          label: 'What happened',
          content: () => (
            <HistoryTab
              entries={entries}
              isRead={isRead}
              {...(earlier === undefined ? {} : { onEarlier: earlier })}
            />
          ),
        },
        { id: 'chart', label: 'Chart', content: () => <ChartTab view={view} entries={entries} now={now} /> },
        {
          id: 'requests',
          label: 'Requests',
          content: () => <RequestsTab requests={value?.requests} />,
        },
        { id: 'files', label: 'Files', content: () => <FilesTab id={id} view={view} /> },
      ]}
    />
  );
}

function HeadlineCard({ tone, text, until }: Headline) {
  return (
    <div className={`headline ${tone}`}>
      <StatusIcon tone={tone} />
      <p>
        <span dir="auto">{text}</span>{' '}
        {until !== undefined && (
          <>
            <time className="sr-only" dateTime={new Date(until).toISOString()}>
              {clockTime(until)}
            </time>
            <Countdown until={until} />
          </>
        )}
      </p>
    </div>
  );
}

/** For those who look at the API itself. */
function TechnicalLine({ path, itemVersion, jobSpecId }: JobView) {
  return (
    <p className="soft technical">
      <code>{path}</code>
      {itemVersion !== undefined && <> · item version {itemVersion}</>}
      {jobSpecId !== undefined && (
        <>
          {' · '}
          <code>{jobSpecId}</code>
        </>
      )}
    </p>
  );
}

function KnownJob({ row }: { readonly row: JobRow }) {
  const { id } = row;
  const job = remoteJob(id);
  const view = useGoalJob(job);
  const now = useNow();
  const name = useWorkflowName(view.workflowId);
  const headline = headlineOfRow({ ...row, view }, now);
  const [sent, noteOwn] = useAnsweredElsewhere(id, view);
  const percent = view.progress === undefined ? '' : `${Math.round(view.progress)} % `;
  useTitle(view.needs === undefined && headline.tone === 'work' ? `${percent}${name}` : name);
  return (
    <>
      <p className="crumb">
        <Link href="/">All jobs</Link>
      </p>
      <h1>
        <bdi>{name}</bdi> <span className="soft">{filesInWords(view.files)}</span>
      </h1>
      <HeadlineCard {...headline} />
      {headline.tone === 'work' && view.progress !== undefined && (
        <progress className="wide" max={100} value={view.progress} aria-label="Done in percent" />
      )}
      <TechnicalLine {...view} />
      <FilesOnTheirWay view={view} />
      {sent !== undefined && <SentNote {...sent} />}
      <Needs job={job} view={view} onSent={noteOwn} />
      <Result row={row} now={now} />
      <JobActions row={row} job={job} />
      <Details row={row} now={now} />
    </>
  );
}

/** One job: what it does or waits for, what it needs from the user, and how it ended. */
export function JobPage({ id }: { readonly id: string }) {
  const row = useRow(id);
  const link = useConsole((state) => state.link);
  const hasRows = useConsole((state) => state.about !== undefined);
  if (row !== undefined) return <KnownJob key={id} row={row} />;
  if (!hasRows || link === 'connecting') return <p className="soft">Looking…</p>;
  return (
    <>
      <h1>No job with this number here</h1>
      <p className="soft">It was removed from the list, or it is in another store.</p>
      <p>
        <Link href="/" className="button">
          All jobs
        </Link>
      </p>
    </>
  );
}
