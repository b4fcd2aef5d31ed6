import {
  type ChangeForecast,
  changedWithin,
  forecastChange,
} from '../../src/engine/lane/reads/forecast/change-estimator.js';
import { pollIndex } from '../../src/engine/lane/reads/forecast/poll-index.js';
import { createProgressTrack, noteProgress } from '../../src/engine/lane/reads/forecast/progress-model.js';
import {
  addRun,
  EMPTY_HISTORY,
  type SegmentHistory,
} from '../../src/engine/lane/reads/forecast/workflow-history.js';
import { COLOURS, curve, legend, plotArea, svg } from '../svg.js';

/** What twenty runs of about three minutes teach. */
function threeMinuteHistory(): SegmentHistory | undefined {
  let history = EMPTY_HISTORY;
  for (let run = 0; run < 20; run += 1) {
    const durationMs = 180_000 * Math.exp(0.25 * Math.sin(run * 2.4));
    history = addRun(history, { segment: 0, durationMs, guesses: [] });
  }
  return history.segments[0];
}

const STATES = [
  'nothing known, 20 s old',
  '20 runs of 3 min known, 20 s old',
  '…, 170 s old',
  '…, 170 s old, progress 50 %',
];

function forecasts(): ChangeForecast[] {
  const history = threeMinuteHistory();
  const track = createProgressTrack();
  noteProgress(track, 170_000, 50);
  return [
    forecastChange(20_000, undefined, undefined),
    forecastChange(20_000, history, undefined),
    forecastChange(170_000, history, undefined),
    forecastChange(170_000, history, track),
  ];
}

const SECONDS = Array.from({ length: 100 }, (_, at) => 0.3 + at * 0.6);

/** How likely it is that the job has changed unseen, as time passes since its last reading. */
export function survivalPlot(): string {
  const frame = {
    title: 'Probability that the job has changed since it was last read',
    width: 720,
    height: 280,
  };
  const area = plotArea(
    frame,
    { min: 0, max: 60, ticks: [0, 10, 20, 30, 40, 50, 60], label: 'seconds since the last reading' },
    { min: 0, max: 1, ticks: [0, 0.25, 0.5, 0.75, 1], label: 'F' },
  );
  const curves = forecasts().map((forecast, at) =>
    curve(
      SECONDS.map((s): [number, number] => [area.x(s), area.y(changedWithin(forecast, s * 1_000))]),
      COLOURS[at + 2] ?? '#888',
    ),
  );
  return svg(frame, [...area.axes, ...curves, ...legend(STATES, 70, 56, COLOURS.slice(2))]);
}

/** What a read is worth: the job whose curve is highest is read. */
export function indexPlot(): string {
  const frame = { title: 'Index of a read (log scale): the highest is read next', width: 720, height: 280 };
  const area = plotArea(
    frame,
    { min: 0, max: 60, ticks: [0, 10, 20, 30, 40, 50, 60], label: 'seconds since the last reading' },
    { min: -3, max: 3, ticks: [-3, -2, -1, 0, 1, 2, 3], label: 'log10 of the index (s)' },
  );
  const curves = forecasts().map((forecast, at) =>
    curve(
      SECONDS.map((s): [number, number] => {
        const index = Math.log10(Math.max(pollIndex(forecast, s * 1_000) / 1_000, 1e-3));
        return [area.x(s), area.y(Math.min(index, 3))];
      }),
      COLOURS[at + 2] ?? '#888',
    ),
  );
  return svg(frame, [...area.axes, ...curves, ...legend(STATES, 70, 56, COLOURS.slice(2))]);
}
