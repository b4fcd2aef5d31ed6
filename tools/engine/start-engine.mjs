// Starts the durable engine of the tests, the benchmark and the demo: on 127.0.0.1, in a temporary folder, without telemetry.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastingPort } from './lasting-port.mjs';

/** The binary of the engine's own package for this machine. */
function engineBinary() {
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  return createRequire(import.meta.url).resolve(`${name}/bin/restate-server`);
}

/** How long the engine waits for a handler that is silent, for services that do not say it themselves. */
const waits = (ms) =>
  ms === undefined ? '' : `inactivity-timeout = "${ms}ms"\nabort-timeout = "${ms}ms"`;

const config = (base, [ingress, admin, node], waitsMs) => `
roles = ["http-ingress", "admin", "worker", "log-server", "metadata-server"]
node-name = "one"
cluster-name = "goal-lane"
base-dir = "${base}"
auto-provision = true
default-num-partitions = 4
disable-telemetry = true
listen-mode = "tcp"
bind-ip = "127.0.0.1"
bind-port = ${node}
advertised-address = "http://127.0.0.1:${node}"
rocksdb-total-memory-size = "256 MiB"
log-filter = "error"
log-disable-ansi-codes = true
[ingress]
bind-ip = "127.0.0.1"
bind-port = ${ingress}
[admin]
bind-ip = "127.0.0.1"
bind-port = ${admin}
disable-web-ui = true
[admin.query-engine]
memory-size = "256 MiB"
[worker]
cleanup-interval = "10m"
[worker.invoker]
http2-streams-per-connection-limit = 8
${waits(waitsMs)}
[default-retry-policy]
initial-interval = "50ms"
`;

async function untilHealthy(url, child, said) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the engine ended with ${child.exitCode}: ${said()}`);
    // One that has accepted the request and does not answer is asked again.
    const isUp = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (reply) => reply.ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the engine does not answer: ${said()}`);
}

export async function startDurableEngine({ waitsMs } = {}) {
  const base = await mkdtemp(join(tmpdir(), 'goal-lane-engine-'));
  const ports = [await lastingPort(), await lastingPort(), await lastingPort()];
  const file = join(base, 'restate.toml');
  await writeFile(file, config(join(base, 'data'), ports, waitsMs));
  const [ingressPort, adminPort, nodePort] = ports;
  const ingress = `http://127.0.0.1:${ingressPort}`;
  const admin = `http://127.0.0.1:${adminPort}`;
  let child;
  let ended;

  async function start() {
    let text = '';
    child = spawn(engineBinary(), ['--config-file', file, '--no-logo'], {
      cwd: base,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', DO_NOT_TRACK: '1' },
    });
    const note = (chunk) => {
      text = (text + chunk.toString()).slice(-4_000);
    };
    child.stdout?.on('data', note);
    child.stderr?.on('data', note);
    ended = new Promise((resolve) => child.once('exit', () => resolve()));
    await untilHealthy(`${admin}/health`, child, () => text);
    await untilHealthy(`${ingress}/restate/health`, child, () => text);
  }

  async function kill() {
    child.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    ingress,
    admin,
    metrics: `http://127.0.0.1:${nodePort}/metrics`,
    pid: () => child.pid ?? 0,
    kill,
    restart: start,
    async close() {
      await kill();
      await rm(base, { recursive: true, force: true });
    },
  };
}
