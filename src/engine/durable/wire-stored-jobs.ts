import { defined } from '../../services/defined.js';
import { redactingLogger } from '../../services/redaction/redacting-logger.js';
import { createRedactor, type Redactor } from '../../services/redaction/redactor.js';
import { type Clock, systemClock } from '../binding/clock.js';
import { layered } from '../binding/ports-layer.js';
import { createJobBinding } from '../job/bind-ports.js';
import type { JobBinding } from '../job/job-binding.js';
import { tracedPorts } from '../job/telemetry/traced-ports.js';
import type { Surroundings } from '../job/view/job-watch.js';
import type { JobStore } from '../store/job-store.js';
import { currentOwner } from '../store/lease/process-liveness.js';
import { createResilientStore } from '../store/resilient-store.js';
import { createHistoryWriter, type HistoryWriter } from './history-writer.js';
import { createJobStarter } from './job-starter.js';
import { createLeaseKeeper, type LeaseKeeper } from './lease-keeper.js';
import { diskFiles, type FileRecorder } from './recorded-files.js';
import type { RecordedJob } from './recorded-job.js';
import { recording } from './recording-layer.js';
import type { StoredJobsOptions } from './stored-jobs.js';
import { createStoredJobsAlarm, type StoredJobsAlarm } from './stored-jobs-alarm.js';

export const DEFAULT_LEASE_MS = 30_000;

/** What every part needs. */
interface Wiring {
  /** With a logger that redacts. */
  readonly options: StoredJobsOptions;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly recorder: FileRecorder;
  readonly alarm: StoredJobsAlarm;
  readonly store: JobStore;
  readonly running: Map<string, RecordedJob>;
}

function wiringOf(given: StoredJobsOptions, running: Map<string, RecordedJob>): Wiring {
  const redactor = createRedactor(given.apiKey === undefined ? [] : [given.apiKey]);
  const logger = given.logger && redactingLogger(given.logger, redactor);
  const options = { ...given, ...(logger ? { logger } : {}) };
  const alarm = createStoredJobsAlarm(options);
  const store = createResilientStore(options.store, {
    onWarning: (warning) => alarm({ type: 'store', ...warning }),
  });
  const { clock = systemClock, files: recorder = diskFiles } = options;
  return { options, redactor, clock, recorder, alarm, store, running };
}

const leasesOf = ({ options, clock, store, alarm, running }: Wiring): LeaseKeeper =>
  createLeaseKeeper({
    store,
    clock,
    owner: options.owner ?? currentOwner(),
    ttlMs: options.leaseMs ?? DEFAULT_LEASE_MS,
    stopWaiting: options.stopWaiting,
    onDoubt: ({ jobId, owner, ttlMs }) =>
      alarm({ type: 'lease-doubted', jobId, holder: owner, forMs: ttlMs }),
    onLost: ({ jobId }) => running.get(jobId)?.lose(),
    onFailure: (error) => alarm({ type: 'unsaved', error }),
  });

function bindingOf({ options, clock, recorder, running }: Wiring): JobBinding {
  const recorded = layered(
    options.ports,
    recording(recorder, (jobId) => running.get(jobId)),
  );
  return createJobBinding(tracedPorts(recorded, options.telemetry, options.logger), {
    clock,
    random: options.random ?? Math.random,
    lookAhead: options.inspect === undefined,
    isShared: true,
    ...defined({ uploadsAtOnce: options.uploadsAtOnce }),
    beforeEffect: async ({ id }) => running.get(id)?.beforeEffect(),
    logger: options.logger,
  });
}

const historyOf = ({ options, store, clock, redactor }: Wiring): HistoryWriter =>
  createHistoryWriter(store, clock, redactor, (error) =>
    options.logger?.warn(
      { reason: error instanceof Error ? error.message : String(error) },
      'what jobs did could not be kept',
    ),
  );

/** Reports that the store was moved or the clock set. Returns a function that stops it. */
function watchChanges({ options, clock, alarm, running }: Wiring): () => void {
  const stopWatching = options.store.onMove?.((move) => {
    alarm({ type: 'store-moved', ...move });
    for (const job of running.values()) job.write();
  });
  const stopListening = clock.onStep?.((byMs) => alarm({ type: 'clock-set', byMs }));
  return () => {
    stopWatching?.();
    stopListening?.();
  };
}

/** What the jobs of one store share: one binding of their ports, one owner, one heartbeat. */
export function wireStoredJobs(
  given: StoredJobsOptions,
  running: Map<string, RecordedJob>,
  surroundings: Surroundings | undefined,
) {
  const wiring = wiringOf(given, running);
  const { options, redactor, clock, recorder, alarm, store } = wiring;
  const leases = leasesOf(wiring);
  const history = historyOf(wiring);
  const starter = createJobStarter({
    ...options,
    redactor,
    store,
    leases,
    binding: bindingOf(wiring),
    surroundings,
    clock,
    recorder,
    running,
    onFailure: (jobId, error) => alarm({ type: 'unsaved', jobId, error }),
    onEndUnsaved: (jobId) => alarm({ type: 'end-unsaved', jobId }),
    history,
    onLost: (jobId) => alarm({ type: 'lease-lost', jobId }),
  });
  return { store, leases, starter, clock, history, stopWarning: watchChanges(wiring) };
}
