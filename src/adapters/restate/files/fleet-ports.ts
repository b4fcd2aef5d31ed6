import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../../engine/binding/clock.js';
import type { JobPorts, PortOptions } from '../../../machines/ports.js';
import { valueShown } from '../../../machines/question/slot-value.js';
import type { GoalClient } from '../../../services/goal-client.js';
import { createNodePorts, DEFAULT_OUT_DIR } from '../../node/create-node-ports.js';
import type { GoalWorkerOptions } from '../worker-options.js';
import { putFile } from './put-file.js';
import { fileTrouble, inspectUrl, openUrl } from './remote-file.js';

export interface FleetPortsOptions extends Pick<GoalWorkerOptions, 'results' | 'openFile'> {
  readonly client: GoalClient;
  readonly keyId: string;
  readonly clock: Clock;
}

const isRemote = (place: string): boolean => /^https?:\/\//i.test(place);

function localPath(place: string): string {
  if (!/^file:\/\//i.test(place)) return place;
  try {
    return fileURLToPath(place);
  } catch (error) {
    throw fileTrouble(place, error instanceof Error ? error.message : String(error));
  }
}

/** The files of a job by the names that the host gave them, wherever they are stored. */
function filePorts(
  { client, openFile, keyId }: FleetPortsOptions,
  disk: JobPorts,
): Pick<JobPorts, 'inspectFiles' | 'uploadFile'> {
  async function placeOf(handle: string, { jobId }: PortOptions): Promise<string> {
    // A JavaScript host may return anything.
    const place: unknown = openFile === undefined ? handle : await openFile({ jobId, keyId, handle });
    if (typeof place !== 'string' || place === '')
      throw new Error(`openFile returned ${valueShown(place)}; allowed is a path or a URL`);
    if (isRemote(place) && !URL.canParse(place)) throw fileTrouble(place, 'it is not a URL');
    return place;
  }
  return {
    async inspectFiles({ handles }, options) {
      const facts = [];
      for (const handle of handles) {
        const place = await placeOf(handle, options);
        if (isRemote(place)) facts.push({ ...(await inspectUrl(place, options.signal)), handle });
        else {
          const looks = await disk.inspectFiles({ handles: [localPath(place)] }, options);
          facts.push(...looks.map((look) => ({ ...look, handle })));
        }
      }
      return facts;
    },
    async uploadFile({ file }, options) {
      const place = await placeOf(file.handle, options);
      if (isRemote(place)) return client.uploadFile({ file, open: openUrl(place, options.signal) }, options);
      const path = localPath(place);
      const { onProgress } = options;
      return disk.uploadFile(
        { file: { ...file, handle: path } },
        { ...options, onProgress: (progress) => onProgress?.({ ...progress, handle: file.handle }) },
      );
    },
  };
}

/** The result is downloaded and verified in a folder of this machine, then sent in one PUT. */
function puttingResults({ client, results, keyId, clock }: FleetPortsOptions): JobPorts['saveResult'] {
  return async (input, options) => {
    const outDir = await mkdtemp(join(tmpdir(), 'goal-lane-result-'));
    try {
      const saved = await createNodePorts({ client, outDir, clock }).saveResult(input, options);
      if (typeof results !== 'function') return saved;
      const { bytes, sha256 } = saved;
      const { jobId } = options;
      const about = { jobId, keyId, jobSpecId: input.jobSpecId, name: basename(saved.file), bytes, sha256 };
      const file = await putFile(saved.file, about, await results(about), options.signal);
      return { ...saved, file };
    } finally {
      await rm(outDir, { recursive: true, force: true });
    }
  };
}

/** The ports of a job on a worker: calls of this API, files that every worker can read, and results that every worker can write. */
export function createFleetPorts(options: FleetPortsOptions): JobPorts {
  const { client, clock, results } = options;
  const outDir = typeof results === 'string' ? results : DEFAULT_OUT_DIR;
  const disk = createNodePorts({ client, outDir, clock });
  const saving = typeof results === 'function' ? { saveResult: puttingResults(options) } : {};
  return { ...disk, ...filePorts(options, disk), ...saving };
}
