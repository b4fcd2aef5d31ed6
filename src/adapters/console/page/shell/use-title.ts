import { useEffect } from 'react';
import { useGoalLane } from '../../../react/index.js';
import { remoteLane } from '../live/remote-jobs.js';

/** `(2) Jobs – goal-lane`: begins with the number of jobs that need a person. */
export function useTitle(words: string): void {
  const { needing } = useGoalLane(remoteLane);
  const needs = needing.length;
  useEffect(() => {
    document.title = `${needs === 0 ? '' : `(${needs}) `}${words} – goal-lane`;
  }, [needs, words]);
}
