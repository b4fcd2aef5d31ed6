import { useEffect, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { Workflow } from '../../../../services/wire/wire-types.js';
import { useCatalog } from '../live/use-console.js';
import { useTitle } from '../shell/use-title.js';
import { formatsOf } from './check-files.js';
import { RunForm } from './run-form.js';
import { sampleFiles } from './sample-files.js';
import { uploadStore } from './upload-store.js';

function WorkflowLine({ workflow }: { readonly workflow: Workflow }) {
  const { specId, name, description, requiredSlots } = workflow;
  return (
    <li>
      <Link href={`/run/${encodeURIComponent(specId)}`} className="workflow">
        <bdi className="workflow-name">{name || specId}</bdi>
        <bdi className="soft">{description}</bdi>
        <span className="soft small-text">
          {formatsOf(workflow)}
          {requiredSlots.length > 0 && ' · asks you something first'}
        </span>
      </Link>
    </li>
  );
}

function Choose({ workflows }: { readonly workflows: readonly Workflow[] }) {
  const [search, setSearch] = useState('');
  const words = search.trim().toLowerCase();
  const found = workflows.filter(({ name, description, specId }) =>
    `${name} ${description} ${specId}`.toLowerCase().includes(words),
  );
  return (
    <>
      <label className="search wide">
        <span className="sr-only">Search workflows</span>
        <input
          type="search"
          id="search"
          placeholder={`Search ${workflows.length} workflows`}
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
      </label>
      <ul className="workflows">
        {found.map((workflow) => (
          <WorkflowLine key={workflow.specId} workflow={workflow} />
        ))}
      </ul>
      {found.length === 0 && <p className="soft">No workflow matches.</p>}
    </>
  );
}

/** If samples are requested: opens the first workflow that accepts them, with the samples added. */
function useSamples(workflows: readonly Workflow[] | undefined): void {
  const [, navigate] = useLocation();
  const isAsked = useSearch().split('&').includes('sample');
  useEffect(() => {
    const taker = workflows?.find(
      ({ supportedInputFormats: formats, requiredSlots, minFileCount = 1 }) =>
        formats.includes('txt') && requiredSlots.length === 0 && minFileCount <= 2,
    );
    if (!isAsked || taker === undefined) return;
    if (uploadStore.get().length === 0) uploadStore.add(sampleFiles());
    navigate(`/run/${encodeURIComponent(taker.specId)}`, { replace: true });
  }, [isAsked, workflows, navigate]);
}

function NoCatalog({ error, retry }: { readonly error: string; readonly retry: () => void }) {
  return (
    <>
      <h1>Run a workflow</h1>
      <div role="alert">
        <p className="error">{error}</p>
      </div>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </>
  );
}

function Chosen({ workflow }: { readonly workflow: Workflow }) {
  return (
    <>
      <p className="crumb">
        <Link href="/run">All workflows</Link>
      </p>
      <h1>
        <bdi>{workflow.name || workflow.specId}</bdi>
      </h1>
      <p className="soft">
        <bdi>{workflow.description}</bdi>
      </p>
      <RunForm key={workflow.specId} workflow={workflow} />
    </>
  );
}

/** The list of workflows, then the form of the chosen one. */
export function RunPage({ workflowId }: { readonly workflowId?: string }) {
  const { workflows, error, retry } = useCatalog();
  const workflow = workflows?.find(({ specId }) => specId === workflowId);
  useSamples(workflows);
  useTitle(workflow === undefined ? 'Run a workflow' : `Run ${workflow.name}`);
  if (error !== undefined) return <NoCatalog error={error} retry={retry} />;
  if (workflow !== undefined) return <Chosen workflow={workflow} />;
  return (
    <>
      <h1>Run a workflow</h1>
      {workflows === undefined ? (
        <p className="soft">Loading the workflows from Convilyn…</p>
      ) : (
        <>
          {workflowId !== undefined && <p className="error">There is no workflow of this name.</p>}
          <Choose workflows={workflows} />
        </>
      )}
    </>
  );
}
