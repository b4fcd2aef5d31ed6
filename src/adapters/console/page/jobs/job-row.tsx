import { memo } from 'react';
import { Link } from 'wouter';
import type { JobRow } from '../../wire/row.js';
import { serverNow } from '../live/console-store.js';
import { Countdown } from '../parts/countdown.js';
import { StatusIcon } from '../parts/status-icon.js';
import { headlineOfRow, shortOf } from '../words/headline.js';
import { timeInWords } from '../words/times.js';

const ACTION = { slots: 'Answer', confirm: 'Look', decision: 'Decide' } as const;

export const filesInWords = (files: JobRow['view']['files']): string => {
  const [first] = files;
  if (first === undefined) return '';
  return files.length === 1 ? first.name : `${first.name} +${files.length - 1}`;
};

interface JobRowProps {
  readonly row: JobRow;
  readonly name: string;
}

/** One job in the list; rendered again only when it has changed. */
export const JobRowView = memo(function JobRowView({ row, name }: JobRowProps) {
  const { id, view, createdAt } = row;
  const now = serverNow();
  const { tone, until } = headlineOfRow(row, now);
  const files = filesInWords(view.files);
  const isBusy = tone === 'work' && view.progress !== undefined;
  return (
    <li className={`row ${tone}`} data-job={id}>
      <StatusIcon tone={tone} />
      <Link href={`/jobs/${id}`} className="row-name">
        <bdi>{name}</bdi>
        {files !== '' && (
          <span className="soft">
            {' · '}
            <bdi>{files}</bdi>
          </span>
        )}
      </Link>
      <span className="row-what">
        {isBusy && <progress max={100} value={view.progress} aria-label={`${name}: done in percent`} />}
        <span className="row-text" dir="auto">
          {shortOf(row, now)}
        </span>
        {until !== undefined && <Countdown until={until} />}
      </span>
      <span className="row-end">
        <time className="soft" dateTime={new Date(createdAt).toISOString()}>
          {timeInWords(createdAt, now)}
        </time>
        {view.needs !== undefined && (
          <Link href={`/jobs/${id}`} className="button primary small">
            {ACTION[view.needs]}
          </Link>
        )}
        {view.state === 'completed' && (
          <a className="button small" href={`/api/jobs/${id}/result`} download>
            Download
          </a>
        )}
      </span>
    </li>
  );
});
