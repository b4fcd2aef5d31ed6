import type { InspectionEvent, Observer, Snapshot } from 'xstate';
import type { JobInput } from '../../machines/job-input.js';
import type { JobPorts } from '../../machines/ports.js';
import { checkParts } from '../../services/check-parts.js';
import { unfailingLogger } from '../../services/unfailing-logger.js';
import { systemClock } from '../binding/clock.js';
import { inClockTime, logSteps } from '../binding/clock-steps.js';
import { countWork } from '../binding/count-work-layer.js';
import { freshId } from '../binding/fresh-id.js';
import { layered } from '../binding/ports-layer.js';
import type { BindOptions } from './bind-options.js';
import { createJobBinding } from './bind-ports.js';
import { checkJobInput, checkOwnId } from './check-job-input.js';
import { type SingleJobHandle, withHistory } from './history/with-history.js';
import { createInFlight } from './in-flight.js';
import type { JobLogger } from './job-logger.js';
import { restoredSnapshot } from './restored-snapshot.js';
import { runBoundJob } from './run-bound-job.js';
import type { JobTelemetry } from './telemetry/job-telemetry.js';
import { tracedPorts } from './telemetry/traced-ports.js';

export interface StartOptions extends BindOptions {
  readonly ports: JobPorts;
  readonly input: JobInput;
  /** A name for the job in this process. Default: a random one. */
  readonly id?: string | undefined;
  /** A persisted snapshot to continue from; `input` is then ignored. */
  readonly snapshot?: Snapshot<unknown> | undefined;
  readonly logger?: JobLogger | undefined;
  /**
   * XState's own `inspect`, for an inspector adapter. `lookAhead` is then off by default, so that the host sees the chart as
   * drawn.
   */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
  /** Traces and metrics, from `goal-lane/opentelemetry`. Ports on a client of the host's own: give that its `onExchange`, too. */
  readonly telemetry?: JobTelemetry | undefined;
}

/**
 * Starts one job, or continues a stored one, and returns a plain handle: no XState needed.
 * @throws InvalidInputError for an invalid input
 */
export function startGoalJob(options: StartOptions): SingleJobHandle {
  checkParts(options);
  const { inspect, telemetry } = options;
  const logger = options.logger && unfailingLogger(options.logger);
  if (options.snapshot === undefined) checkJobInput(options.input);
  if (options.id !== undefined) checkOwnId(options.id);
  const clock = options.clock ?? systemClock;
  const input = inClockTime(clock, options.input);
  const snapshot = options.snapshot && restoredSnapshot(options.snapshot, clock);
  const inFlight = createInFlight();
  const binding = createJobBinding(tracedPorts(layered(options.ports, countWork(clock)), telemetry, logger), {
    ...options,
    logger,
    clock,
    // A host that inspects sees the chart as drawn, with every read.
    lookAhead: options.lookAhead ?? inspect === undefined,
  });
  const id = options.id ?? freshId();
  const stopLogging = logSteps(clock, logger);
  const handle = runBoundJob({
    ...{ binding, inFlight, clock, input, id, snapshot, logger, inspect, telemetry },
  });
  void handle.result().then(stopLogging);
  return withHistory(handle, clock);
}
