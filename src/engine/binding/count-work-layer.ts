import type { JobPorts, PortOptions } from '../../machines/ports.js';
import type { Clock } from './clock.js';
import type { PortsLayer } from './ports-layer.js';

/**
 * Reports each port call in flight to a virtual clock, except turns and waits, which are waits for the clock itself. This layer
 * is directly above the ports that do the work, because in outer layers jobs wait for each other.
 */
export function countWork(clock: Clock | undefined): PortsLayer {
  const work = clock?.work;
  if (work === undefined) return (ports) => ports;
  const counted =
    <Input, Output, Options extends PortOptions>(
      name: string,
      call: (input: Input, options: Options) => Promise<Output>,
    ) =>
    (input: Input, options: Options): Promise<Output> =>
      work.run(name, () => call(input, options));
  return (ports): JobPorts => ({
    ...ports,
    loadCatalog: counted('loadCatalog', ports.loadCatalog),
    inspectFiles: counted('inspectFiles', ports.inspectFiles),
    uploadFile: counted('uploadFile', ports.uploadFile),
    createJob: counted('createJob', ports.createJob),
    getJob: counted('getJob', ports.getJob),
    fillSlots: counted('fillSlots', ports.fillSlots),
    confirmJob: counted('confirmJob', ports.confirmJob),
    getStatus: counted('getStatus', ports.getStatus),
    getDownload: counted('getDownload', ports.getDownload),
    saveResult: counted('saveResult', ports.saveResult),
  });
}
