import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { createWorkplace, type Workplace } from '../cli-process.js';

export interface BatchSite {
  readonly emulator: Emulator;
  readonly place: Workplace;
  /** Writes a file for each job and a manifest of them. */
  manifest(jobs: readonly object[], name?: string): string;
  /** A job of the translation workflow on a file of its own. */
  translation(id: string, more?: object): object;
  /** The lines of `batch-report.jsonl`. */
  report(out?: string): Record<string, unknown>[];
  /** How many creates the server was sent. */
  creates(): number;
}

export const sha256Of = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');

/** An emulator in this process, and an empty folder to run commands in. */
export async function withBatchSite(
  work: (site: BatchSite) => Promise<void>,
  options: Parameters<typeof startEmulator>[0] = {},
): Promise<void> {
  const emulator = await startEmulator({ speed: 50, plan: 'pro', ...options });
  const place = createWorkplace({ key: emulator.apiKey, baseUrl: emulator.baseUrl });
  try {
    await work({
      emulator,
      place,
      manifest(jobs, name = 'jobs.jsonl') {
        return place.file(name, jobs.map((job) => `${JSON.stringify(job)}\n`).join(''));
      },
      translation(id, more = {}) {
        const file = `${id}.txt`;
        if (!existsSync(join(place.dir, file))) place.file(file);
        return {
          workflowId: 'goal_lane.translation',
          files: [file],
          id,
          slots: { target_language: 'de' },
          ...more,
        };
      },
      report(out = 'goal-lane-results') {
        const text = readFileSync(join(place.dir, out, 'batch-report.jsonl'), 'utf8');
        return text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
      },
      creates: () => emulator.log.filter(({ endpoint }) => endpoint === 'create').length,
    });
  } finally {
    place.remove();
    await emulator.close();
  }
}
