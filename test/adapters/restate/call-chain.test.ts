import { describe, expect, it } from 'vitest';
import { makeChain } from '../../../src/adapters/restate/job/call-chain.js';
import type { StoredJob } from '../../../src/adapters/restate/job/stored-record.js';
import { createWorkerCore } from '../../../src/adapters/restate/worker-core.js';
import { beginJob, stepJob } from '../../../src/engine/interpreter/index.js';
import type { Workflow } from '../../../src/services/wire/wire-types.js';

const workflow = (specId: string): Workflow => ({
  specId,
  name: specId,
  description: 'd'.repeat(1_000),
  supportedInputFormats: [],
  requiredSlots: [],
});
const CATALOG = Array.from({ length: 50 }, (_, index) => workflow(`wf.${index}`));
const FILE = { handle: '/in/a.txt', name: 'a.txt', bytes: 5 };

const core = createWorkerCore({
  keys: { default: 'sk_chain' },
  ports: {
    inspectFiles: async () => [FILE],
    loadCatalog: async () => CATALOG,
    uploadFile: async () => ({ fileId: 'file_1' }),
  },
});
const attempt = new AbortController().signal;

describe('calls that share one entry of the journal', () => {
  it('journal one entry of the catalog, and end where a step must be reported or stored by itself', async () => {
    const begun = beginJob({ workflowId: 'wf.7', files: [FILE.handle] });
    const stored: StoredJob = {
      keyId: 'default',
      queue: { priority: 0, order: 0 },
      createdAt: 0,
      waits: {},
      place: 'none',
      mayCreate: true,
      job: begun.job,
    };
    const [first] = begun.started;
    if (first === undefined) throw new Error('a job begins with a call');
    const checks = await makeChain({ core, stored, jobId: 'a', attempt }, first);
    expect(checks.answers).toHaveLength(2);
    expect(checks.answers[1]?.reply).toMatchObject({ ok: true, value: [{ specId: 'wf.7' }] });
    expect(JSON.stringify(checks).length).toBeLessThan(3_000);
    // A place is asked for next: nothing is armed yet.
    expect(checks.armedBy).toBeUndefined();

    let job = begun.job;
    for (const { token, reply } of checks.answers) job = stepJob(job, { type: 'reply', token, reply }).job;
    const [turn] = job.open;
    const placed = stepJob(job, {
      type: 'reply',
      token: turn?.token ?? '',
      reply: { ok: true, value: undefined, at: 1 },
    });
    const [upload] = placed.started;
    if (upload === undefined) throw new Error('what has a place is uploaded');
    const uploads = await makeChain(
      { core, stored: { ...stored, job: placed.job }, jobId: 'a', attempt },
      upload,
    );
    // The upload and the ticket; the create that follows is armed by this process, and is not in it.
    expect(uploads.answers).toHaveLength(2);
    expect(uploads.armedBy).toBe(core.processId);
  });
});
