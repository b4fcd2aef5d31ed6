import { expect, it } from 'vitest';
import { createWorkerCore } from '../../../src/adapters/restate/worker-core.js';
import type { OwnPorts } from '../../../src/machines/ports.js';

/** Otherwise the job's handler would throw when it shows the result, and the engine would repeat it for ever. */
it.each([{ file: 7 }, {}, null, 'a text'])(
  'a port that saved %j is at fault, and its job ends',
  async (saved) => {
    const download = { url: 'http://127.0.0.1:9/a', filename: 'a', sizeBytes: 1, contentType: 'text/plain' };
    // Boundary: as a JavaScript host may return it.
    const ports = { getDownload: async () => download, saveResult: async () => saved } as unknown as OwnPorts;
    const core = createWorkerCore({ keys: { default: 'sk' }, ingress: 'http://127.0.0.1:9', ports });
    const call = { id: 'saveResult', token: '1', src: 'saveResult', input: { jobSpecId: 'job_1' } };
    const { signal } = new AbortController();
    const about = { jobId: 'a', keyId: 'default', call, signal, report: () => undefined };
    expect(await core.make(about)).toMatchObject({
      ok: false,
      failure: { kind: 'internal', message: expect.stringContaining('saveResult') },
    });
    core.close();
  },
);
