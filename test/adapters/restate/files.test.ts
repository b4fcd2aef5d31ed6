import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGoalWorker, type GoalWorker, registerWorker } from '../../../src/adapters/restate/index.js';
import { type Fleet, startFleet } from '../../support/fleet.js';

const BYTES = 3 * 1024 * 1024;
/** The engine ends what is silent for twice as long, unless the worker has said how long it may take. */
const ENGINE_WAITS_MS = 200;
const SLOW_MS = 4 * ENGINE_WAITS_MS;

interface Put {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

describe('files of jobs on many machines', () => {
  const puts: Put[] = [];
  let fleet: Fleet;
  let worker: GoalWorker;
  let files: Server;
  let origin = '';
  let wasAsked = false;
  /** Answers that are still being written. */
  const stalled = new Set<string>();

  beforeAll(async () => {
    files = createServer((request, response) => {
      if (request.method === 'PUT') {
        const hash = createHash('sha256');
        let bytes = 0;
        request.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          hash.update(chunk);
        });
        request.on('end', () => {
          puts.push({ url: request.url ?? '', bytes, sha256: hash.digest('hex') });
          setTimeout(() => response.end(), SLOW_MS);
        });
        return;
      }
      const [, name = '', size] = /^\/(stalled-(\d+))/.exec(request.url ?? '') ?? [];
      if (size !== undefined && request.method === 'GET') {
        response.setHeader('Content-Length', size);
        response.write('x');
        stalled.add(name);
        response.on('close', () => stalled.delete(name));
        return;
      }
      // As storage does with a URL that is signed for GET, and a server that is being restarted.
      const isSigned = request.url?.startsWith('/signed') === true;
      if (request.method === 'HEAD' && (isSigned || !wasAsked)) {
        response.writeHead(isSigned ? 403 : 503);
        response.end();
        wasAsked ||= !isSigned;
        return;
      }
      response.setHeader('Content-Length', size ?? BYTES);
      if (request.method === 'HEAD') response.end();
      else response.end(Buffer.alloc(BYTES, 'x'));
    });
    await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
    // Boundary: a server that listens on a port has an address of this kind.
    origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
    fleet = await startFleet({ speed: 6 }, { waitsMs: ENGINE_WAITS_MS });
    const { engine, emulator } = fleet;
    worker = createGoalWorker({
      keys: (keyId) => {
        if (keyId === 'broken') throw new Error('the vault is shut');
        return keyId === 'default' ? emulator.apiKey : undefined;
      },
      baseUrl: emulator.baseUrl,
      ingress: engine.ingress,
      openFile({ handle, jobId }) {
        // Boundary: as a JavaScript host may return it.
        if (jobId === 'opens-nothing') return undefined as never;
        return handle.startsWith('vault:') ? `${origin}/signed.txt?X-Amz-Signature=abc` : handle;
      },
      results: ({ name, jobId }) => ({ url: `${origin}/results/${jobId}/${name}?X-Amz-Signature=abc` }),
    });
    const { url } = await worker.listen({ port: 0 });
    await registerWorker({ admin: engine.admin, url });
  });

  afterAll(async () => {
    await worker.close();
    await fleet.close();
    files.close();
  });

  const start = (id: string, handles: readonly string[], key = 'default') =>
    fleet.client.start({
      id,
      key,
      workflowId: 'goal_lane.resume_tailor',
      files: handles,
      answers: { confirmed_titles: 'Tech Lead' },
    });

  it('streams from URLs, those that must not be stored included, and puts the result, each once however long', async () => {
    const { emulator } = fleet;
    for (const on of ['upload', 'create', 'storage'] as const)
      emulator.faults.add({ on, fault: { kind: 'slow-reply', delayMs: SLOW_MS }, times: 1 });
    const local = new URL(`file://${await fleet.file('job.txt', 'a job')}`);
    const job = await start('urls', [`${origin}/resume.txt`, 'vault:letter', local.href]);
    const output = await job.result();
    if (output.status !== 'completed') throw new Error(JSON.stringify(output));
    const requests = (wanted: string) => emulator.log.filter(({ endpoint }) => endpoint === wanted).length;
    expect([requests('create'), requests('storage')]).toEqual([1, 1]);
    const uploads = emulator.log.flatMap(({ effect }) => (effect?.type === 'uploaded' ? [effect.bytes] : []));
    expect(uploads.sort()).toEqual([BYTES, BYTES, 'a job'.length].sort());
    const [put] = puts;
    expect(puts).toHaveLength(1);
    expect(put).toMatchObject({ bytes: output.saved?.bytes, sha256: output.saved?.sha256 });
    expect(output.saved?.file).toBe(`${origin}${put?.url.split('?')[0]}`);
    expect(JSON.stringify(output)).not.toContain('X-Amz-Signature');
  });

  it('lets the transfer of a file take a day, whatever the engine is set to', async () => {
    const reply = await fetch(`${fleet.engine.admin}/services/GoalCalls`);
    const { handlers }: { handlers: readonly Record<string, unknown>[] } = await reply.json();
    expect(handlers).toMatchObject([{ name: 'run', inactivity_timeout: '1d', abort_timeout: '1d' }]);
  });

  it.each([
    ['large', BYTES],
    ['small', 10_000],
  ])('aborts the %s transfer of a detached job, and does not wait for it', async (_, bytes) => {
    const name = `stalled-${bytes}`;
    const job = await start(name, [`${origin}/${name}.txt`, await fleet.file('other.txt', 'a job')]);
    await expect.poll(() => stalled.has(name), { timeout: 20_000 }).toBe(true);
    expect(await job.detach()).toMatchObject({ status: 'detached', reason: 'requested' });
    await expect.poll(() => stalled.has(name), { timeout: 10_000 }).toBe(false);
  });

  it('ends a job whose files the host does not name, and says which function is at fault', async () => {
    const file = await fleet.file('a.txt', 'a');
    expect(await (await start('opens-nothing', [file, file])).result()).toMatchObject({
      status: 'failed',
      failure: { kind: 'internal', message: expect.stringContaining('openFile returned undefined') },
    });
  });

  it('ends a job whose key is unknown, or whose key ring throws, instead of trying for ever', async () => {
    const file = await fleet.file('a.txt', 'a');
    const outcomes = await Promise.all(
      ['unknown', 'broken'].map(async (key) => (await start(`by-${key}`, [file, file], key)).result()),
    );
    expect(outcomes).toMatchObject([
      { status: 'failed', failure: { kind: 'key-refused' } },
      {
        status: 'failed',
        failure: { kind: 'internal', message: expect.stringContaining('the vault is shut') },
      },
    ]);
  });
});
