import type { JobStore } from '../../../src/engine/store/job-store.js';
import type { JobPorts } from '../../../src/machines/ports.js';

/** Counts the points at which a process may die, and lets it die at one of them: from then on nothing that it started continues. */
export function createCrashGate(crashAt = Number.POSITIVE_INFINITY) {
  const names: string[] = [];
  let isDead = false;
  const point = (name: string): Promise<void> => {
    if (!isDead) {
      isDead = names.length === crashAt;
      names.push(name);
    }
    return isDead ? new Promise(() => undefined) : Promise.resolve();
  };
  const around = <Args extends readonly unknown[], Result>(
    name: string,
    work: (...args: Args) => Promise<Result>,
  ) => {
    return async (...args: Args): Promise<Result> => {
      await point(`before ${name}`);
      try {
        return await work(...args);
      } finally {
        await point(`after ${name}`);
      }
    };
  };
  return {
    names,
    isDead: () => isDead,
    ports: (ports: JobPorts): JobPorts => ({
      ...ports,
      inspectFiles: around('inspectFiles', ports.inspectFiles),
      loadCatalog: around('loadCatalog', ports.loadCatalog),
      uploadFile: around('uploadFile', ports.uploadFile),
      createJob: around('createJob', ports.createJob),
      getJob: around('getJob', ports.getJob),
      fillSlots: around('fillSlots', ports.fillSlots),
      confirmJob: around('confirmJob', ports.confirmJob),
      getStatus: around('getStatus', ports.getStatus),
      getDownload: around('getDownload', ports.getDownload),
      saveResult: around('saveResult', ports.saveResult),
    }),
    store: (store: JobStore): JobStore => ({
      ...store,
      save: around('save', store.save),
      acquireLeases: around('acquireLeases', store.acquireLeases),
      renewLeases: around('renewLeases', store.renewLeases),
      releaseLease: around('releaseLease', store.releaseLease),
    }),
  };
}
