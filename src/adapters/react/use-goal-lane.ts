import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { LaneJob, LaneSource, LaneView } from '../../engine/job/source/lane-source.js';

/** The jobs of a lane as a component sees them. */
export interface GoalLaneJobs extends LaneView {
  /** Those that need a person now. */
  readonly needing: readonly LaneJob[];
}

/**
 * All jobs of a lane for a component: renders again after a change of any of them; an unchanged job is the same object.
 *
 * @example
 * ```tsx
 * const { jobs, needing } = useGoalLane(lane);
 * return <ul>{jobs.map(({ id, view }) => <li key={id}>{view.workflowId}: {view.state}</li>)}</ul>;
 * ```
 */
export function useGoalLane(source: Pick<LaneSource, 'view' | 'subscribe'>): GoalLaneJobs {
  const subscribe = useCallback((onChange: () => void) => source.subscribe(() => onChange()), [source]);
  const read = useCallback(() => source.view(), [source]);
  const view = useSyncExternalStore(subscribe, read, read);
  return useMemo(
    () => ({ ...view, needing: view.jobs.filter(({ view: { needs } }) => needs !== undefined) }),
    [view],
  );
}
