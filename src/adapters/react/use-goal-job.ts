import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { JobSource } from '../../engine/job/source/job-source.js';
import type { JobNeeds, JobView } from '../../engine/job/source/job-view.js';

/** Actions that are available whatever the job needs. */
interface AnyTime {
  /** Detaches the job; it continues on the server, because the API has no cancel. */
  readonly detach: () => void;
  /** In a wait before a retry: retries now. While the result is downloaded: requests a fresh URL. Otherwise does nothing. */
  readonly tryNow: () => void;
}

type FactsOf<View> = View extends unknown ? Omit<View, 'needs' | 'request' | 'decision'> : never;
type Needing<Needs extends JobNeeds['needs']> = Extract<JobNeeds, { readonly needs: Needs }>;

/** Actions by what the job needs: `submit` exists only while slots are requested. */
export type GoalJobSteps =
  | (Needing<'slots'> & { readonly submit: JobSource['submitSlots'] })
  | (Needing<'confirm'> & { readonly confirm: () => void })
  | (Needing<'decision'> & {
      /** Creates again: there may be a second job. */
      readonly retry: () => void;
      /** Continues with the job that was found. */
      readonly adopt: (jobSpecId: string) => void;
    })
  | { readonly needs?: undefined; readonly request?: undefined; readonly decision?: undefined };

/** A job as a component sees it: its view, and the available actions. */
export type GoalJob = FactsOf<JobView> & AnyTime & GoalJobSteps & { readonly id: string };

function stepsOf(source: JobSource, view: JobView): GoalJob {
  const { id, submitSlots } = source;
  const send = (command: Parameters<JobSource['send']>[0]) => () => void source.send(command);
  const tryNow = send({ type: view.state === 'downloading' ? 'REFRESH_DOWNLOAD' : 'RETRY' });
  const anyTime = {
    id,
    detach: () => {
      if (source.detach === undefined) void source.send({ type: 'DETACH' });
      else source.detach().catch(() => undefined);
    },
    // In a decision, `RETRY` has another meaning.
    tryNow: view.needs === 'decision' ? () => undefined : tryNow,
  };
  if (view.needs === 'slots') return { ...view, ...anyTime, submit: submitSlots.bind(source) };
  if (view.needs === 'confirm') return { ...view, ...anyTime, confirm: () => void source.confirm() };
  if (view.needs !== 'decision') return { ...view, ...anyTime };
  const adopt = (jobSpecId: string): void => void source.send({ type: 'ADOPT', jobSpecId });
  return { ...view, ...anyTime, retry: send({ type: 'RETRY' }), adopt };
}

const noSubscription = (): (() => void) => () => undefined;

/**
 * A job for a component: renders again after every change; the same object until then. `source` is a handle of this process
 * (`runBrowserJob`) or any other `JobSource`.
 *
 * @example
 * ```tsx
 * const job = useGoalJob(source);
 * if (job.needs === 'slots') return <Form request={job.request} onSubmit={(slots) => job.submit(slots)} />;
 * return <p>{job.wait?.why ?? job.path}</p>;
 * ```
 */
export function useGoalJob(source: JobSource): GoalJob;
/** Undefined while there is no source. */
export function useGoalJob(source: JobSource | undefined): GoalJob | undefined;
export function useGoalJob(source: JobSource | undefined): GoalJob | undefined {
  const subscribe = useCallback(
    (onChange: () => void) => source?.subscribe(() => onChange()) ?? noSubscription(),
    [source],
  );
  const read = useCallback(() => source?.view(), [source]);
  const view = useSyncExternalStore(subscribe, read, read);
  return useMemo(() => source && view && stepsOf(source, view), [source, view]);
}
