import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runCli } from '../../../../src/adapters/cli/run-cli.js';
import { type Handler, json, serve, type TestServer } from '../../../support/http-server.js';
import { createFakeIo } from '../fake-io.js';

export const KEY = 'key-of-the-doctor-0123456789';

const line = z.looseObject({
  type: z.string(),
  check: z.string().optional(),
  mark: z.string().optional(),
  text: z.string().optional(),
  cure: z.string().optional(),
  exitCode: z.number().optional(),
});
export type Line = z.infer<typeof line>;

export interface Examination {
  readonly code: number;
  readonly lines: readonly Line[];
  readonly stdout: string;
  of(check: string): Line | undefined;
}

/** `goal-lane doctor --json` in a folder of its own. */
export async function examined(
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<Examination> {
  const folder = mkdtempSync(join(tmpdir(), 'goal-lane-doctor-'));
  try {
    const fake = createFakeIo({ CONVILYN_API_KEY: KEY, ...env });
    const code = await runCli(['doctor', '--json', '--out', join(folder, 'out'), ...flags], fake.io);
    const lines = fake
      .stdout()
      .trim()
      .split('\n')
      .map((text) => line.parse(JSON.parse(text)));
    const of = (check: string) => lines.find((one) => one.check === check && one.mark !== 'skipped');
    return { code, lines, stdout: fake.stdout() + fake.stderr(), of };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const CATALOG = [
  {
    spec_id: 'wf',
    name: 'W',
    description: '',
    required_slots: [],
    supported_input_formats: ['txt'],
    maxInputSizeBytes: 1_000,
    minFileCount: 1,
  },
];

export const catalogWith =
  (headers: Record<string, string>): Handler =>
  (_, response) =>
    json(response, 200, CATALOG, headers);

/** A server that answers every request in one way, while `work` runs. */
export async function answering<Result>(
  handler: Handler,
  work: (baseUrl: string, server: TestServer) => Promise<Result>,
): Promise<Result> {
  const server = await serve(handler);
  try {
    return await work(`${server.url}/api/v1`, server);
  } finally {
    await server.close();
  }
}
