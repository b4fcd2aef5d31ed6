import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { JobSource } from '../../engine/job/source/job-source.js';
import type { JobNeeds, JobView } from '../../engine/job/source/job-view.js';

/** What may be done whatever the job needs. */
interface AnyTime {
  /** Lets go of the job: it lives on at the server, which has no cancel. */
  readonly detach: () => void;
  /** In a wait for another try: tries now. While the result is fetched: asks for a fresh URL. Elsewhere nothing happens. */
  readonly tryNow: () => void;
}

type FactsOf<View> = View extends unknown ? Omit<View, 'needs' | 'request' | 'decision'> : never;
type Needing<Needs extends JobNeeds['needs']> = Extract<JobNeeds, { readonly needs: Needs }>;

/** What is there to be done, by what the job needs: `submit` exists where slots are asked, and nowhere else. */
export type GoalJobSteps =
  | (Needing<'slots'> & { readonly submit: JobSource['submitSlots'] })
  | (Needing<'confirm'> & { readonly confirm: () => void })
  | (Needing<'decision'> & {
      /** Creates again: there may be a second job. */
      readonly retry: () => void;
      /** Goes on with the job that was found. */
      readonly adopt: (jobSpecId: string) => void;
    })
  | { readonly needs?: undefined; readonly request?: undefined; readonly decision?: undefined };

/** A job as a component sees it: its view, and what may be done now. */
export type GoalJob = FactsOf<JobView> & AnyTime & GoalJobSteps & { readonly id: string };

function stepsOf(source: JobSource, view: JobView): GoalJob {
  const { id, submitSlots } = source;
  const send = (command: Parameters<JobSource['send']>[0]) => () => void source.send(command);
  const tryNow = send({ type: view.state === 'downloading' ? 'REFRESH_DOWNLOAD' : 'RETRY' });
  const anyTime = {
    id,
    detach: send({ type: 'DETACH' }),
    // In a decision, `RETRY` means another thing.
    tryNow: view.needs === 'decision' ? () => undefined : tryNow,
  };
  if (view.needs === 'slots') return { ...view, ...anyTime, submit: submitSlots.bind(source) };
  if (view.needs === 'confirm') return { ...view, ...anyTime, confirm: () => void source.confirm() };
  if (view.needs !== 'decision') return { ...view, ...anyTime };
  const adopt = (jobSpecId: string): void => void source.send({ type: 'ADOPT', jobSpecId });
  return { ...view, ...anyTime, retry: send({ type: 'RETRY' }), adopt };
}

const nobody = (): (() => void) => () => undefined;

/**
 * A job, for a component: renders again after every change, and is the same object until then. `source` is a handle of this process
 * (`runBrowserJob`), or anything else that is a `JobSource`.
 *
 * @example
 * ```tsx
 * const job = useGoalJob(source);
 * if (job.needs === 'slots') return <Form request={job.request} onSubmit={(slots) => job.submit(slots)} />;
 * return <p>{job.wait?.why ?? job.path}</p>;
 * ```
 */
export function useGoalJob(source: JobSource): GoalJob;
/** Undefined as long as there is no source. */
export function useGoalJob(source: JobSource | undefined): GoalJob | undefined;
export function useGoalJob(source: JobSource | undefined): GoalJob | undefined {
  const subscribe = useCallback(
    (onChange: () => void) => source?.subscribe(() => onChange()) ?? nobody(),
    [source],
  );
  const read = useCallback(() => source?.view(), [source]);
  const view = useSyncExternalStore(subscribe, read, read);
  return useMemo(() => source && view && stepsOf(source, view), [source, view]);
}
