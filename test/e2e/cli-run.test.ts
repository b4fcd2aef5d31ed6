import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliResult, createWorkplace, type Workplace } from './cli-process.js';
import { type ReferenceServer, type Scenario, startReferenceServer } from './reference-server.js';

interface World {
  readonly server: ReferenceServer;
  readonly place: Workplace;
  /** `goal-lane run` on one file, into `out`. */
  run(...flags: string[]): Promise<CliResult>;
}

async function within(scenario: Scenario, work: (world: World) => Promise<void>): Promise<void> {
  const server = await startReferenceServer(scenario);
  const place = createWorkplace(server);
  place.file('resume.txt');
  const run = (...flags: string[]) =>
    place.run(['run', 'goal_lane.cover_letter', 'resume.txt', '--out', 'out', ...flags]);
  try {
    await work({ server, place, run });
  } finally {
    await server.close();
    place.remove();
  }
}

const text = (slotId: string) => ({ slotId, type: 'text' });
const review = {
  checkpointId: 'profile_review',
  stepOutputPreview: 'Detected roles',
  slots: [text('confirmed_titles')],
};
const outline = { checkpointId: 'outline', slots: [text('approved')] };

function expectSaved({ server, place }: World, result: CliResult, name = 'output.zip'): void {
  expect(result.stderr).toContain(`sha256 ${server.result.sha256}`);
  expect(result.code).toBe(0);
  const saved = readFileSync(join(place.dir, 'out', name));
  expect(saved.equals(server.result.bytes)).toBe(true);
  expect(createHash('sha256').update(saved).digest('hex')).toBe(server.result.sha256);
  expect(readdirSync(join(place.dir, 'out'))).toEqual([name]);
}

describe.concurrent('goal-lane run, against a server that follows the reference', () => {
  it('saves the result of a job without slots', () =>
    within({}, async (world) => {
      const result = await world.run('--log-level', 'trace');
      expectSaved(world, result);
      expect(result.stdout).toBe(
        `${world.server.result.sha256}  ${join(world.place.dir, 'out', 'output.zip')}\n`,
      );
      expect(world.server.uploads.get('resume.txt')?.toString()).toBe('the text of resume.txt\n');
      expect(world.server.calls('POST', /\/jobs\/goal$/)).toHaveLength(1);
      expect(world.server.calls('PATCH', /./)).toEqual([]);
      const reads = world.server.calls('GET', /\/status$/).map((call) => call.at);
      for (const [index, at] of reads.entries()) {
        if (index > 0) expect(at - (reads[index - 1] ?? 0)).toBeGreaterThanOrEqual(1_990);
      }
      expect(world.server.storageSeen.map((call) => call.authorization)).toEqual([undefined]);
      const logged = result.stderr.split('\n').filter((line) => line.startsWith('{'));
      const requests = logged.map((line) => JSON.parse(line)).filter((line) => 'path' in line);
      expect(requests.length).toBeGreaterThan(6);
      for (const line of requests)
        expect(line).toMatchObject({ job: expect.any(String), state: expect.any(String), attempt: 1 });
      expect(requests.at(-1)).toMatchObject({ state: 'downloading.saving', itemVersion: expect.any(Number) });
      // Not even where everything is logged (law 5).
      expect(result.stderr).toContain('"level":20');
      expect(result.stderr + result.stdout).not.toMatch(/planted_signature/);
      expect(result.stderr + result.stdout).not.toContain(world.server.key);
    }));

  it('fills slots from --slot', () =>
    within({ slots: [text('tone'), text('length')] }, async (world) => {
      expectSaved(world, await world.run('--slot', 'tone=professional', '--slot', 'length=one_page'));
      expect(world.server.accepted).toEqual([
        ['tone', 'professional'],
        ['length', 'one_page'],
      ]);
      expect(JSON.parse(world.server.calls('PATCH', /./)[0]?.body ?? '')).toMatchObject({ itemVersion: 1 });
      expect(JSON.parse(world.server.calls('POST', /confirm$/)[0]?.body ?? '')).toEqual({ itemVersion: 2 });
    }));

  it('fills slots and a checkpoint from --answers, and shows the preview', () =>
    within({ slots: [text('tone')], checkpoints: [review] }, async (world) => {
      world.place.file('answers.json', '{"tone":"warm","confirmed_titles":"Engineer"}');
      const result = await world.run('--answers', 'answers.json', '--slot', 'tone=professional');
      expectSaved(world, result);
      expect(result.stderr).toContain('Checkpoint profile_review:\n  Detected roles\n');
      expect(world.server.accepted).toEqual([
        ['tone', 'professional'],
        ['confirmed_titles', 'Engineer'],
      ]);
    }));

  it('answers two checkpoints, a list of values in turn', () =>
    within({ checkpoints: [outline, { ...outline, checkpointId: 'draft' }] }, async (world) => {
      world.place.file('answers.json', '{"approved":["the outline",true]}');
      expectSaved(world, await world.run('--answers', 'answers.json'));
      expect(world.server.accepted).toEqual([
        ['approved', 'the outline'],
        ['approved', true],
      ]);
    }));

  it('says that a job failed, and why', () =>
    within({ failsWith: 'The résumé is \u001b[31mempty' }, async (world) => {
      const result = await world.run();
      expect(result.code).toBe(1);
      expect(result.stderr).toContain('The job failed: The résumé is ␛[31mempty');
      expect(readdirSync(join(world.place.dir, 'out'))).toEqual([]);
    }));

  it('does without everything that is optional', () =>
    within({ isTerse: true, checkpoints: [outline] }, async (world) => {
      expectSaved(world, await world.run('--slot', 'approved=yes'), 'job_789.zip');
    }));

  it('never writes outside of --out, whatever the server names the file', () =>
    within({ filename: '../../../etc/\u202ecron\u0000.d/pwned.zip' }, async (world) => {
      expectSaved(world, await world.run(), 'pwned.zip');
    }));

  it('tries the next value of a list when one is refused', () =>
    within(
      { slots: [text('tone')], refuse: (_slot, value) => (value === 'rude' ? 'must be polite' : undefined) },
      async (world) => {
        world.place.file('answers.json', '{"tone":["rude","warm"]}');
        expectSaved(world, await world.run('--answers', 'answers.json'));
        expect(world.server.accepted).toEqual([['tone', 'warm']]);
      },
    ));

  it('says which value is refused and why, without a person to ask', () =>
    within({ slots: [text('tone')], refuse: () => 'must be polite' }, async (world) => {
      const result = await world.run('--slot', 'tone=rude', '--no-input');
      expect(result.code).toBe(3);
      expect(result.stderr).toContain('slot tone: must be polite');
      expect(result.stderr).toMatch(/Resume with: goal-lane resume \w+ --out out\n/);
    }));

  it('is refused with a bad key', () =>
    within({}, async ({ place, server }) => {
      const result = await place.run(['run', 'goal_lane.cover_letter', 'resume.txt'], {
        CONVILYN_API_KEY: 'wrong_key_123',
      });
      expect(result.code).toBe(4);
      expect(result.stderr).toContain('Invalid API key');
      expect(result.stderr).not.toContain('wrong_key_123');
      expect(server.calls('POST', /./)).toEqual([]);
    }));
});

describe.concurrent('goal-lane run refuses before anything is sent', () => {
  it('a wrong extension', () =>
    within({}, async ({ place, server }) => {
      place.file('resume.exe');
      const result = await place.run(['run', 'goal_lane.cover_letter', 'resume.exe']);
      expect(result.code).toBe(2);
      expect(result.stderr).toContain('resume.exe: its extension is not one of .txt, .pdf');
      expect(server.seen.map((call) => call.method)).toEqual(['GET']);
    }));
});
