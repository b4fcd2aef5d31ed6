import type { JobBackend } from './job-backends.js';
import type { LaneCore } from './lane-core.js';
import type { LaneEvents } from './lane-events.js';
import type { LaneJobs } from './lane-jobs.js';
import type { LaneWatch } from './lane-view.js';

/** A lane with all its parts. */
export interface LaneParts {
  readonly core: LaneCore;
  readonly backend: JobBackend;
  readonly jobs: LaneJobs;
  readonly events: LaneEvents;
  readonly watch: LaneWatch;
}
