import { expect } from 'vitest';
import type { LogEntry } from '../../../src/adapters/emulator/index.js';
import type { Site } from './site.js';
import { bytesOf, resultsOf, storedJobs, type Trial } from './trial.js';

const QUESTIONS = ['tone', 'outline_ok', 'draft_ok'];

const count = (log: readonly LogEntry[], type: NonNullable<LogEntry['effect']>['type']): number =>
  log.filter((entry) => entry.effect?.type === type).length;

/** The bytes that the server holds for a job. */
async function expectedBytes(site: Site, trial: Trial, jobSpecId: string): Promise<Buffer> {
  const headers = { Authorization: `Bearer ${trial.key}` };
  const reply = await fetch(`${site.baseUrl}/jobs/goal/${jobSpecId}/download`, { headers });
  // Boundary: the emulator answers as the reference says.
  const { url } = (await reply.json()) as { url: string };
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

/** One create, every question answered once and in order, the right bytes on the disk and nothing beside them. */
export async function expectDoneOnce(site: Site, trial: Trial): Promise<void> {
  const story = `trial ${trial.index}: ${trial.story.join('; ')}`;
  const log = await site.log(trial.key);
  const created = log.flatMap(({ effect }) => (effect?.type === 'created' ? [effect.jobSpecId] : []));
  expect(created, story).toHaveLength(1);
  const answered = log
    .filter((entry) => entry.effect?.type === 'patched')
    .flatMap(({ body }) => body.slotIds ?? []);
  expect(answered, story).toEqual(QUESTIONS);
  expect(count(log, 'confirmed'), story).toBe(QUESTIONS.length);
  expect(
    log.some((entry) => entry.endpoint === 'storage' && entry.hadAuthorization),
    story,
  ).toBe(false);

  const record = (await storedJobs(trial)).at(-1);
  expect(record, story).toMatchObject({ state: 'completed', jobSpecId: created[0] });
  const names = resultsOf(trial);
  expect(names, story).toHaveLength(1);
  const [name = ''] = names;
  expect(record?.completed?.file, story).toMatch(new RegExp(`/out/${name}$`));
  const expected = await expectedBytes(site, trial, created[0] ?? '');
  expect(expected.byteLength, story).toBeGreaterThan(100);
  expect(bytesOf(trial, name).equals(expected), story).toBe(true);
}
