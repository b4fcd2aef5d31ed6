import { errorFromFailure } from '../../services/errors/error-from-failure.js';
import { openResult } from '../../services/open-result.js';
import { refuseInput } from '../../services/refuse-input.js';
import type { GoalLane } from './goal-lane.js';
import type { LaneParts } from './lane-parts.js';

const unknown = (id: string): Error =>
  errorFromFailure({
    kind: 'not-found',
    message: `the lane knows no job ${id.slice(0, 100)} that is on the server`,
    advice: 'List the jobs of the lane and of its store.',
    delivery: 'not-sent',
  });

/** The functions of a lane for ended jobs, including those in its store. */
export function keptJobs({
  core,
  backend,
  jobs,
  watch,
}: LaneParts): Pick<GoalLane, 'forget' | 'stored' | 'look' | 'history' | 'openResult' | 'onStoreChange'> {
  return {
    async forget(id) {
      if (jobs.isActive(id)) refuseInput([`job ${id} runs`], 'Detach it first, or wait until it has ended.');
      const isStored = await backend.forget(id);
      const isListed = jobs.drop(id);
      watch.changed();
      return isStored || isListed;
    },
    stored: (query = {}) => backend.stored({ ...query, limit: Math.min(query.limit ?? 100, 1_000) }),
    look: (id) => backend.look(id),
    history: (id, query) => backend.history(id, query),
    async openResult(id, options = {}) {
      const jobSpecId = jobs.find(id)?.view().jobSpecId ?? (await backend.jobSpecIdOf(id));
      if (jobSpecId === undefined) throw unknown(id);
      return openResult(core.client, { jobSpecId }, options);
    },
    onStoreChange: (listener) => backend.onStoreChange(listener),
  };
}
