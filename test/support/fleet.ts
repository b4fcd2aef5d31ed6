import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/adapters/emulator/index.js';
import { queryEngine } from '../../src/adapters/restate/admin/query-engine.js';
import { createFleetClient, type FleetClient } from '../../src/adapters/restate/index.js';
import {
  type DurableEngine,
  type EngineOptions,
  startDurableEngine,
} from '../../tools/engine/start-engine.mjs';

/** An engine, an emulated API and a folder; workers are the test's own. */
export interface Fleet {
  readonly engine: DurableEngine;
  readonly emulator: Emulator;
  readonly client: FleetClient;
  readonly folder: string;
  readonly out: string;
  file(name: string, text: string): Promise<string>;
  sql<Row>(query: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export async function startFleet(
  options: EmulatorOptions = {},
  engineOptions: EngineOptions = {},
): Promise<Fleet> {
  const [engine, emulator, folder] = await Promise.all([
    startDurableEngine(engineOptions),
    startEmulator(options),
    mkdtemp(join(tmpdir(), 'goal-lane-fleet-')),
  ]);
  const { ingress, admin } = engine;
  const client = createFleetClient({ ingress, admin });
  return {
    engine,
    emulator,
    client,
    folder,
    out: join(folder, 'out'),
    async file(name, text) {
      const path = join(folder, name);
      await writeFile(path, text);
      return path;
    },
    sql: (query) => queryEngine(admin, query),
    async close() {
      client.close();
      await engine.close();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
