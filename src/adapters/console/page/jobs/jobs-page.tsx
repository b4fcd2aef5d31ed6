import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useCatalog, useConsole } from '../live/use-console.js';
import { useTitle } from '../shell/use-title.js';
import { JobRowView } from './job-row.js';
import { countsOf, FILTERS, type Filter, inOrder, matches } from './sort-jobs.js';
import { useHeldOrder } from './use-held-order.js';

/** The number of rows that are rendered at once; a button shows more. */
const SHOWN = 300;

function Empty() {
  return (
    <section className="empty">
      <p>Nothing has run yet. Pick a workflow, drop your files, press Start.</p>
      <p className="actions">
        <Link href="/run" className="button primary">
          Run a workflow
        </Link>
        <Link href="/run?sample" className="button">
          Try it with sample files
        </Link>
      </p>
    </section>
  );
}

interface BarProps {
  readonly counts: Readonly<Record<Filter, number>>;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

function ListBar({ counts, filter, onFilter, search, onSearch }: BarProps) {
  return (
    <div className="listbar">
      <fieldset className="filters">
        <legend className="sr-only">Which jobs</legend>
        {FILTERS.map(([id, label]) => (
          <button
            type="button"
            key={id}
            className="button small"
            aria-pressed={filter === id}
            onClick={() => onFilter(id)}
          >
            {label} <span className="count">{counts[id]}</span>
          </button>
        ))}
      </fieldset>
      <label className="search">
        <span className="sr-only">Search</span>
        <input
          type="search"
          id="search"
          placeholder="Search"
          value={search}
          onChange={({ target }) => onSearch(target.value)}
        />
      </label>
    </div>
  );
}

/** How many jobs need the user. */
const titleOf = (needs: number): string =>
  needs === 0 ? 'Jobs' : needs === 1 ? '1 job needs you' : `${needs} jobs need you`;

/** The name of a workflow for people. */
function useNames(): (workflowId: string | undefined) => string {
  const { workflows } = useCatalog();
  const names = useMemo(() => new Map(workflows?.map(({ specId, name }) => [specId, name])), [workflows]);
  return (workflowId) => (workflowId === undefined ? 'A job' : (names.get(workflowId) ?? workflowId));
}

interface RowListProps {
  readonly ids: readonly string[];
  readonly hold: ReturnType<typeof useHeldOrder>['hold'];
  readonly nameOf: (workflowId: string | undefined) => string;
}

function RowList({ ids, hold, nameOf }: RowListProps) {
  const rows = useConsole((state) => state.rows);
  const [most, setMost] = useState(SHOWN);
  return (
    <>
      <ul className="rows" aria-label="Jobs" {...hold}>
        {ids.slice(0, most).map((id) => {
          const row = rows.get(id);
          return row === undefined ? null : (
            <JobRowView key={id} row={row} name={nameOf(row.view.workflowId)} />
          );
        })}
      </ul>
      {ids.length > most && (
        <button type="button" className="button" onClick={() => setMost(most + SHOWN)}>
          Show {Math.min(SHOWN, ids.length - most)} more
        </button>
      )}
    </>
  );
}

/** All jobs: first those that need the user, then the newest. */
export function JobsPage() {
  const rows = useConsole((state) => state.rows);
  const link = useConsole((state) => state.link);
  const nameOf = useNames();
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  const all = useMemo(() => [...rows.values()], [rows]);
  const wanted = inOrder(all).filter((row) => matches(row, filter, search, nameOf(row.view.workflowId)));
  const { ids, added, release, hold } = useHeldOrder(wanted.map(({ id }) => id));
  const counts = countsOf(all);
  useTitle('Jobs');
  if (all.length === 0 && link === 'connected')
    return (
      <>
        <h1>Jobs</h1>
        <Empty />
      </>
    );
  return (
    <>
      <h1>{titleOf(counts.needs)}</h1>
      <ListBar counts={counts} filter={filter} onFilter={setFilter} search={search} onSearch={setSearch} />
      <p className="new-jobs" aria-live="off">
        {added > 0 && (
          <button type="button" className="button small" onClick={release}>
            Show {added} new
          </button>
        )}
      </p>
      <RowList ids={ids} hold={hold} nameOf={nameOf} />
      {ids.length === 0 && link === 'connected' && <p className="soft">No job matches.</p>}
    </>
  );
}
