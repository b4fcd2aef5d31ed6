import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmulatedWorkflow } from '../../src/adapters/emulator/model/workflow.js';
import { lastingPort } from '../../tools/engine/lasting-port.mjs';
import { type Fleet, startFleet } from '../support/fleet.js';
import { createWorkplace, type Workplace } from './cli-process.js';

/** Asks before it runs, so that nothing waits for a read of the status. */
const asking: EmulatedWorkflow = {
  specId: 'asking',
  name: 'Asking',
  description: '',
  supportedInputFormats: ['txt'],
  requiredSlots: [{ slotId: 'tone', type: 'text' }],
  maxInputSizeBytes: 1_000_000,
  minFileCount: 1,
  execution: { durationMs: 1_000 },
};

/** Forwards each connection to the workers, as a load balancer before several machines does. */
class Balancer {
  /** How many connections the engine has opened to it. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(workersPort: number) {
    this.#server = createServer((socket) => {
      this.connections += 1;
      const onward = connect(workersPort, '127.0.0.1');
      for (const each of [socket, onward]) {
        this.#sockets.add(each);
        each.on('error', () => undefined);
        each.on('close', () => {
          socket.destroy();
          onward.destroy();
        });
      }
      socket.pipe(onward).pipe(socket);
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

describe('goal-lane worker behind the address of a load balancer', () => {
  let fleet: Fleet;
  let workplace: Workplace;
  let balancer: Balancer;
  let own = 0;
  let announced = 0;

  beforeAll(async () => {
    workplace = createWorkplace();
    [own, announced] = [await lastingPort(), await lastingPort()];
    balancer = new Balancer(own);
    fleet = await startFleet({ speed: 20, workflows: [asking] });
  }, 60_000);
  afterAll(async () => {
    balancer.close();
    await fleet.close();
    workplace.remove();
  });

  const env = (): Record<string, string> => ({ CONVILYN_API_KEY: fleet.emulator.apiKey });
  const flags = (url: string): readonly string[] => {
    const { engine, emulator, out } = fleet;
    const { ingress, admin } = engine;
    const where = ['--ingress', ingress, '--admin', admin, '--base-url', emulator.baseUrl, '--out', out];
    return ['worker', '--port', String(own), '--url', url, ...where];
  };

  it.each(['http://127.0.0.1:9080/?a=b', 'http://127.0.0.1:9080/#a', 'http://a:b@127.0.0.1:9080', 'workers'])(
    'refuses --url %s before it serves',
    async (url) => {
      const { code, stderr } = await workplace.run(flags(url), env());
      expect([code, stderr]).toEqual([2, expect.stringContaining('--url')]);
    },
  );

  it('ends where the engine finds no worker at that address', async () => {
    const { code, stdout, stderr } = await workplace.run(flags(`http://127.0.0.1:${announced}`), env());
    expect([code, stdout]).toEqual([7, '']);
    expect(stderr).toContain(`127.0.0.1:${announced}`);
    expect(stderr).toContain('Name the URL at which the engine reaches the workers.');
  }, 60_000);

  it('is called by the engine at that address alone, and runs its jobs', async () => {
    await balancer.listen(announced);
    const url = `http://127.0.0.1:${announced}`;
    const { child, result, shows } = workplace.start([...flags(`${url}/`), '--processes', '2'], env());
    await shows(/2 processes serve/);
    const deployments = await fleet.sql<{ readonly endpoint: string }>('select endpoint from sys_deployment');
    expect(deployments).toHaveLength(1);
    const { endpoint = '' } = deployments[0] ?? {};
    expect(endpoint.startsWith(`${url}/`)).toBe(true);

    const before = balancer.connections;
    const files = [await fleet.file('a.txt', 'a file')];
    const job = await fleet.client.start({ id: 'balanced', workflowId: 'asking', files });
    const needs = async (): Promise<string | undefined> => (await job.refresh()).needs;
    await expect.poll(needs, { timeout: 20_000 }).toBe('slots');
    expect(balancer.connections).toBeGreaterThan(before);
    expect(await job.detach()).toMatchObject({ status: 'detached' });

    child.kill('SIGINT');
    const { code, stdout, stderr } = await result;
    expect([code, stdout]).toEqual([0, `${endpoint.replace(/\/$/, '')}\n`]);
    expect(stderr).toContain('Jobs wait for the next worker.');
  }, 60_000);
});
