import { useEffect, useMemo, useRef } from 'react';
import type { JobView } from '../../../../engine/job/source/job-view.js';
import type { HistoryEntry } from '../../../../engine/job/source/lane-source.js';
import { chartData } from '../../../chart/chart-data.js';
import { type ChartStep, marksOf } from '../../../chart/live-chart.js';
import { type MountedChart, mountChart } from '../../../chart/mount-chart.js';
import { pathIn } from '../words/event-words.js';
import { headlineOf } from '../words/headline.js';

interface ChartTabProps {
  readonly view: JobView;
  readonly entries: readonly HistoryEntry[];
  readonly now: number;
}

/** The states that a job went through, according to its history, and the current one. */
export function stepsOf(entries: readonly HistoryEntry[], path: string): readonly ChartStep[] {
  const steps: ChartStep[] = [];
  const go = (to: string): void => {
    const from = steps.at(-1)?.to;
    if (from === to || to === '') return;
    steps.push({ to, ...(from === undefined ? {} : { from }) });
  };
  for (const { type, about } of entries) if (type === 'moved') go(pathIn(about));
  go(path);
  return steps;
}

/** The chart, drawn by the inspector's code: highlights the current state and marks earlier ones. */
export function ChartTab({ view, entries, now }: ChartTabProps) {
  const frame = useRef<HTMLElement>(null);
  const chart = useRef<MountedChart>(undefined);
  const steps = useMemo(() => stepsOf(entries, view.path), [entries, view.path]);
  const marks = useMemo(() => marksOf(chartData, steps), [steps]);
  const newest = useRef(marks);
  newest.current = marks;
  useEffect(() => {
    if (frame.current === null) return;
    chart.current = mountChart(frame.current, chartData);
    const resized = new ResizeObserver(() => chart.current?.reveal(newest.current));
    resized.observe(frame.current);
    return () => {
      resized.disconnect();
      chart.current?.unmount();
    };
  }, []);
  const label = `The job is in ${view.path}. ${headlineOf(view, now).text}`;
  useEffect(() => {
    chart.current?.show(marks, label);
  }, [marks, label]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the job moves; a reader who has scrolled away stays there
  useEffect(() => chart.current?.reveal(newest.current), [marks.now]);
  return (
    <>
      <p className="soft small-text">
        The current state is highlighted, earlier states are marked. The same as a list: What happened.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard */}
      <section className="chart-frame" ref={frame} tabIndex={0} aria-label="The path of the job" />
    </>
  );
}
