/**
 * Jobs as traces and metrics of OpenTelemetry, whose API is an optional peer. Not exported: how phases are cut and what a span shows, which
 * is on the inspector's list of what is visible.
 */

export type {
  JobTelemetry,
  JobTrace,
  TracedJob,
  TracedMoment,
} from '../../engine/job/telemetry/job-telemetry.js';
export { createTelemetry, type TelemetryOptions } from './create-telemetry.js';
