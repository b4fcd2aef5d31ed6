import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Entry, open, type ZipFile } from 'yauzl';
import { createWorkplace, type Workplace } from './cli-process.js';
import { type ReferenceServer, type Scenario, startReferenceServer } from './reference-server.js';

async function within(
  scenario: Scenario,
  work: (server: ReferenceServer, place: Workplace) => Promise<void>,
): Promise<void> {
  const server = await startReferenceServer(scenario);
  const place = createWorkplace(server);
  place.file('resume.txt');
  try {
    await work(server, place);
  } finally {
    await server.close();
    place.remove();
  }
}

const RUN = ['run', 'goal_lane.cover_letter', 'resume.txt', '--out', 'out'];
async function entriesOf(path: string): Promise<string[]> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open(path, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  const names: string[] = [];
  zip.on('entry', (entry: Entry) => names.push(entry.fileName));
  await once(zip, 'end');
  return names;
}

const tone = { slotId: 'tone', type: 'text' };

describe.concurrent('--json', () => {
  it('is one event a line, each with type and at, and ends with what was saved', () =>
    within({ slots: [tone] }, async (server, place) => {
      const result = await place.run([...RUN, '--json', '--slot', 'tone=warm']);
      const lines = result.lines();
      for (const line of lines) {
        expect(line.type).toEqual(expect.any(String));
        expect(new Date(String(line.at)).toISOString()).toBe(line.at);
        expect(line.id).toBe(lines[0]?.id);
      }
      expect(lines.map((line) => line.type)).toEqual(
        expect.arrayContaining(['uploadProgress', 'created', 'progress', 'completed']),
      );
      expect(result.last()).toEqual({
        type: 'completed',
        at: expect.any(String),
        id: expect.any(String),
        exitCode: 0,
        jobSpecId: 'job_789',
        file: join(place.dir, 'out', 'output.zip'),
        bytes: server.result.bytes.length,
        sha256: server.result.sha256,
        verified: true,
      });
      expect(result.stdout).not.toContain('planted_signature');
      expect(result.stdout + result.stderr).not.toContain(server.key);
    }));

  it('ends with `failed` where the job failed', () =>
    within({ failsWith: 'no idea' }, async (_server, place) => {
      const result = await place.run([...RUN, '--json']);
      expect(result.code).toBe(1);
      expect(result.last()).toMatchObject({
        type: 'failed',
        jobSpecId: 'job_789',
        failure: { kind: 'job-failed' },
      });
      expect(result.last().message).toContain('no idea');
    }));

  it('ends with `detached` and the way on where input is needed', () =>
    within({ slots: [tone] }, async (_server, place) => {
      const result = await place.run([...RUN, '--json']);
      expect(result.code).toBe(3);
      const last = result.last();
      expect(last).toMatchObject({ type: 'detached', reason: 'input-needed', jobSpecId: 'job_789' });
      expect(last.resumeCommand).toBe(`goal-lane resume ${String(last.id)} --out out`);
    }));
});

describe.concurrent('the other ends', () => {
  it('waits no longer than --max-wait: 5', () =>
    within({ isEndless: true }, async (_server, place) => {
      const result = await place.run([...RUN, '--max-wait', '1.5']);
      expect(result.code).toBe(5);
      expect(result.stderr).toContain('--max-wait');
    }));

  it('does not know whether a create was acted upon: 6, sent once', () =>
    within({ hangsUpOnCreate: true }, async (server, place) => {
      const result = await place.run([...RUN, '--json']);
      expect(result.code).toBe(6);
      expect(result.last()).toMatchObject({
        type: 'error',
        exitCode: 6,
        failure: { kind: 'outcome-unknown' },
      });
      expect(result.stderr).toContain('--adopt');
      expect(server.calls('POST', /\/jobs\/goal$/)).toHaveLength(1);
    }));

  it('asks to start only at a terminal: --confirm manual without one is 3', () =>
    within({}, async (server, place) => {
      const result = await place.run([...RUN, '--confirm', 'manual']);
      expect(result.code).toBe(3);
      expect(result.stderr).toContain('waits for confirmation');
      expect(server.calls('POST', /confirm$/)).toEqual([]);
    }));

  it('does not know the job that it shall attach to: 2', () =>
    within({}, async (_server, place) => {
      const result = await place.run(['attach', 'job_nobody_knows', '--json']);
      expect(result.code).toBe(2);
      expect(result.last()).toMatchObject({ type: 'error', failure: { kind: 'not-found' } });
      // The record is gone again: there is nothing to resume.
      expect(result.last()).not.toHaveProperty('resumeCommand');
      expect(result.stderr).not.toContain('Resume with');
    }));

  it('attaches to a job that exists, without files', () =>
    within({ slots: [tone] }, async (server, place) => {
      const result = await place.run(['attach', 'job_789', '--out', 'out', '--json', '--slot', 'tone=warm']);
      expect(result.last()).toMatchObject({ type: 'completed', sha256: server.result.sha256 });
      expect(server.uploads.size).toBe(0);
    }));

  it('cannot reach the catalog: 4 with a bad key, and says so as JSON', () =>
    within({}, async (_server, place) => {
      const result = await place.run(['workflows', '--json'], { CONVILYN_API_KEY: 'wrong_key_123' });
      expect(result.code).toBe(4);
      expect(result.last()).toMatchObject({ type: 'error', failure: { kind: 'key-refused' } });
    }));

  it('lists the catalog', () =>
    within({ catalogItem: { name: 'Letter\u001b[2J' } }, async (_server, place) => {
      const [people, script] = await Promise.all([
        place.run(['workflows']),
        place.run(['workflows', '--json']),
      ]);
      expect(people.stdout).toContain('goal_lane.cover_letter\n  Letter␛[2J: Writes a cover letter\n');
      expect(script.lines().map((line) => [line.type, line.specId])).toEqual([
        ['workflow', 'goal_lane.cover_letter'],
        ['completed', undefined],
      ]);
    }));
});

describe.concurrent('interrupted', () => {
  it('detaches with 130, and resume continues the same job', () =>
    within({}, async (server, place) => {
      const cli = place.start([...RUN, '--json']);
      await cli.shows(/"type":"progress"/);
      cli.child.kill('SIGTERM');
      const interrupted = await cli.result;
      expect(interrupted.code).toBe(130);
      const { id, resumeCommand, ...last } = interrupted.last();
      expect(last).toMatchObject({ type: 'detached', reason: 'interrupted', jobSpecId: 'job_789' });
      expect(resumeCommand).toBe(`goal-lane resume ${String(id)} --out out`);
      const [resumed, listed] = await Promise.all([
        place.run(['resume', String(id), '--out', 'out', '--json']),
        place.run(['jobs', '--json']),
      ]);
      expect(listed.lines()[0]).toMatchObject({ type: 'job', id, jobSpecId: 'job_789' });
      expect(resumed.code).toBe(0);
      expect(resumed.last()).toMatchObject({ type: 'completed', sha256: server.result.sha256 });
      expect(server.calls('POST', /\/jobs\/goal$/)).toHaveLength(1);
      const [table, again] = await Promise.all([place.run(['jobs']), place.run(['resume', String(id)])]);
      expect(table.stdout).toMatch(new RegExp(`${String(id)}.*goal_lane.cover_letter.*completed.*100 %`));
      expect(again.code).toBe(2);
    }));

  it('stores nothing with --store :memory:, and says to attach', () =>
    within({ isEndless: true }, async (_server, place) => {
      const cli = place.start([...RUN, '--store', ':memory:']);
      await cli.shows(/is created/);
      cli.child.kill('SIGINT');
      const result = await cli.result;
      expect(result.code).toBe(130);
      expect(result.stderr).toContain('Resume with: goal-lane attach job_789 --out out --store :memory:\n');
      expect((await place.run(['jobs'])).stderr).toContain('holds no jobs');
    }));

  it('continues without its reader', () =>
    within({}, async (server, place) => {
      const cli = place.start([...RUN, '--json']);
      await cli.shows(/"type":"created"/);
      cli.child.stdout?.destroy();
      const result = await cli.result;
      expect(result.code).toBe(0);
      expect(result.stderr).toContain(server.result.sha256);
    }));
});

describe.concurrent('without a server', () => {
  it('runs the demo, and leaves a ZIP that opens', async () => {
    const place = createWorkplace();
    try {
      const result = await place.run(['demo']);
      expect(result.code).toBe(0);
      const [, file = ''] = /^Saved (.*) \(/m.exec(result.stderr) ?? [];
      expect(await entriesOf(file)).toEqual(expect.arrayContaining([expect.stringContaining('resume.txt')]));
      expect(result.stdout).toBe(`${/sha256 (\w+)/.exec(result.stderr)?.[1]}  ${file}\n`);
    } finally {
      place.remove();
    }
  });

  it('refuses a demo whose results have no place, as run does: 2', async () => {
    const place = createWorkplace();
    try {
      place.file('goal-lane-results');
      const result = await place.run(['demo']);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toMatch(/^--out goal-lane-results: cannot be used/);
      expect(result.stderr).not.toContain('bug');
    } finally {
      place.remove();
    }
  });

  it('serves the emulator until it receives a signal', async () => {
    const place = createWorkplace();
    try {
      const emulator = place.start(['emulate']);
      const shown = await emulator.shows(/API_KEY=.*\n/);
      const env = Object.fromEntries(
        [...shown.matchAll(/export (\w+)=(.*)\n/g)].map(([, name = '', value = '']) => [name, value]),
      );
      const listed = await place.run(['workflows'], env);
      expect(listed.stdout).toContain('goal_lane.cover_letter');
      emulator.child.kill('SIGTERM');
      expect((await emulator.result).code).toBe(0);
    } finally {
      place.remove();
    }
  });
});
