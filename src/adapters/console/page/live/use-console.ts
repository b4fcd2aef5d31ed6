import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Workflow } from '../../../../services/wire/wire-types.js';
import type { JobRow } from '../../wire/row.js';
import { call, wordsOf } from './api.js';
import { type ConsoleState, consoleStore, serverNow } from './console-store.js';

/** Selects a part of the state of the page; renders again only when this part changes. */
export const useConsole = <Part>(pick: (state: ConsoleState) => Part): Part =>
  useSyncExternalStore(consoleStore.subscribe, () => pick(consoleStore.get()));

export const useRow = (id: string): JobRow | undefined => useConsole(({ rows }) => rows.get(id));

/** The time of the server's clock, updated each second. */
export function useNow(isRunning = true): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    if (!isRunning) return;
    setNow(serverNow());
    const timer = setInterval(() => setNow(serverNow()), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}

export interface Loaded<Value> {
  readonly value?: Value;
  readonly error?: string;
  readonly reload: () => void;
}

/** Loads a path, and again whenever `key` changes; an older response never replaces a newer one. */
export function useLoaded<Value>(path: string | undefined, key: unknown = ''): Loaded<Value> {
  const [loaded, setLoaded] = useState<{ value?: Value; error?: string }>({});
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key and the turn say when to ask again
  useEffect(() => {
    if (path === undefined) return;
    let isCurrent = true;
    call<Value>('GET', path).then(
      (value) => isCurrent && setLoaded({ value }),
      (error: unknown) => isCurrent && setLoaded((before) => ({ ...before, error: wordsOf(error) })),
    );
    return () => {
      isCurrent = false;
    };
  }, [path, key, turn]);
  return { ...loaded, reload: () => setTurn((count) => count + 1) };
}

let catalog: Promise<readonly Workflow[]> | undefined;

export function loadCatalog(): Promise<readonly Workflow[]> {
  catalog ??= call<{ workflows: readonly Workflow[] }>('GET', '/api/workflows').then(
    ({ workflows }) => workflows,
  );
  catalog.catch(() => {
    catalog = undefined;
  });
  return catalog;
}

/** The available workflows; undefined while they are being loaded. */
export function useCatalog(): {
  readonly workflows?: readonly Workflow[];
  readonly error?: string;
  readonly retry: () => void;
} {
  const [state, setState] = useState<{ workflows?: readonly Workflow[]; error?: string }>({});
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the turn says when to ask again
  useEffect(() => {
    let isCurrent = true;
    loadCatalog().then(
      (workflows) => isCurrent && setState({ workflows }),
      (error: unknown) => isCurrent && setState({ error: wordsOf(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [turn]);
  return { ...state, retry: () => setTurn((count) => count + 1) };
}

/** The display name of a workflow. */
export function useWorkflowName(workflowId: string | undefined): string {
  const { workflows } = useCatalog();
  if (workflowId === undefined) return 'A job';
  return workflows?.find(({ specId }) => specId === workflowId)?.name ?? workflowId;
}
