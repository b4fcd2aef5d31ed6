import type { JobSource } from '../../../../engine/job/source/job-source.js';
import type { JobView } from '../../../../engine/job/source/job-view.js';
import type { LaneJob, LaneSource, LaneView } from '../../../../engine/job/source/lane-source.js';
import type { SlotsAnswer } from '../../../../engine/job/source/slots-answer.js';
import { questionKey } from '../../wire/events.js';
import { ApiError, call } from './api.js';
import { consoleStore } from './console-store.js';

const UNKNOWN: JobView = { state: 'preparing', path: '', tags: [], files: [], retention: {} };

const COMMANDS = {
  RETRY: 'retry',
  DETACH: 'detach',
  REFRESH_DOWNLOAD: 'refresh-download',
  CONFIRM: 'confirm',
} as const;

async function submit(
  id: string,
  view: JobView,
  values: Readonly<Record<string, unknown>>,
): Promise<SlotsAnswer> {
  if (view.needs !== 'slots') return { status: 'closed' };
  try {
    return await call<SlotsAnswer>('POST', `/api/jobs/${id}/answer`, {
      question: questionKey(view.request),
      slots: Object.entries(values),
    });
  } catch (error) {
    if (error instanceof ApiError && error.status === 409 && error.details.error === 'answered')
      return { status: 'closed' };
    throw error;
  }
}

const jobs = new Map<string, JobSource>();

/** A job over HTTP, with the same functions as a handle in this process. */
export function remoteJob(id: string): JobSource {
  const known = jobs.get(id);
  if (known !== undefined) return known;
  const view = (): JobView => consoleStore.get().rows.get(id)?.view ?? UNKNOWN;
  const source: JobSource = {
    id,
    view,
    subscribe(listener) {
      let before = view();
      return consoleStore.subscribe(() => {
        const next = view();
        if (next === before) return;
        before = next;
        listener(next);
      });
    },
    submitSlots: (slots) => submit(id, view(), slots),
    confirm: () => call('POST', `/api/jobs/${id}/confirm`),
    async send(command) {
      if (command.type === 'ADOPT')
        await call('POST', `/api/jobs/${id}/adopt`, { jobSpecId: command.jobSpecId });
      else if (command.type === 'SUBMIT_SLOTS') await submit(id, view(), command.slots);
      else await call('POST', `/api/jobs/${id}/${COMMANDS[command.type]}`);
    },
  };
  jobs.set(id, source);
  return source;
}

let lane: LaneView = { jobs: [] };
let rowsOfLane = consoleStore.get().rows;
const laneJobs = new Map<string, LaneJob>();

function laneView(): LaneView {
  const { rows } = consoleStore.get();
  if (rows === rowsOfLane) return lane;
  rowsOfLane = rows;
  lane = {
    jobs: [...rows.values()].map(({ id, view }) => {
      const before = laneJobs.get(id);
      if (before?.view === view) return before;
      const next = { id, view };
      laneJobs.set(id, next);
      return next;
    }),
  };
  return lane;
}

/** All jobs over HTTP. */
export const remoteLane: LaneSource = {
  view: laneView,
  subscribe: (listener) =>
    consoleStore.subscribe(() => {
      if (consoleStore.get().rows !== rowsOfLane) listener(laneView());
    }),
  job: (id) => (consoleStore.get().rows.has(id) ? remoteJob(id) : undefined),
};
