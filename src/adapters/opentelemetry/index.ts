/**
 * Jobs as OpenTelemetry traces and metrics; its API is an optional peer dependency. Not exported: how phases are separated and
 * what spans show, which follows the inspector's allow-list.
 */

export type {
  JobTelemetry,
  JobTrace,
  TracedJob,
  TracedMoment,
} from '../../engine/job/telemetry/job-telemetry.js';
export { createTelemetry, type TelemetryOptions } from './create-telemetry.js';
