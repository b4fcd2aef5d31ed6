import { describe, expect, it } from 'vitest';
import { createWorkplace, type Workplace } from './cli-process.js';
import { type ReferenceServer, type Scenario, startReferenceServer } from './reference-server.js';

const RUN = ['run', 'goal_lane.cover_letter', 'resume.txt', '--out', 'out', '--json'];

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

const STRAY = [
  ['GET .*/status', 404],
  ['GET .*/status', 302],
  ['GET .*/status', 304],
  ['GET .*/status', 451],
  ['POST .*/confirm', 404],
  ['POST .*/confirm', 413],
  ['GET .*/download', 404],
  ['GET .*/download', 410],
] as const;

describe.concurrent('a refusal of a call about a job', { timeout: 60_000 }, () => {
  it.each(STRAY)('that comes once does not end it: %s answers %d', (route, status) =>
    within({ refusal: { route: new RegExp(route), status, times: 1 } }, async (server, place) => {
      const result = await place.run(RUN);
      expect(result.last()).toMatchObject({ type: 'completed', exitCode: 0, sha256: server.result.sha256 });
      expect(server.calls('POST', /\/jobs\/goal$/)).toHaveLength(1);
    }),
  );

  it('that stays detaches it, and resume --all continues it once that is over', () => {
    const refusal: NonNullable<Scenario['refusal']> = { route: /\/status$/, status: 404, times: 1_000 };
    return within({ refusal }, async (server, place) => {
      const result = await place.run(RUN);
      expect(result.code).toBe(7);
      const { id, resumeCommand, ...last } = result.last();
      expect(last).toMatchObject({
        type: 'detached',
        reason: 'unreachable',
        jobSpecId: 'job_789',
        message: expect.stringContaining('The server does not know this job'),
      });
      expect(resumeCommand).toBe(`goal-lane resume ${String(id)} --out out`);
      expect(result.stderr.trim().split('\n').at(-1)).toBe(`Resume with: ${String(resumeCommand)}`);
      refusal.times = 0;
      const resumed = await place.run(['resume', '--all', '--out', 'out', '--json']);
      expect(resumed.last()).toMatchObject({ type: 'completed', id, sha256: server.result.sha256 });
      expect(server.calls('POST', /\/jobs\/goal$/)).toHaveLength(1);
    });
  });
});

describe.concurrent('a refusal before there is a job', () => {
  it.each([
    ['POST /upload', 413],
    ['POST /jobs/goal$', 422],
    ['POST /jobs/goal$', 404],
  ] as const)('starts nothing, and leaves nothing to resume: %s answers %d', (route, status) =>
    within({ refusal: { route: new RegExp(route), status } }, async (_server, place) => {
      const result = await place.run(RUN);
      expect(result.code).toBe(2);
      expect(result.last()).toMatchObject({
        type: 'error',
        exitCode: 2,
        message: expect.stringContaining('Refused, nothing was started'),
      });
      expect(result.last()).not.toHaveProperty('resumeCommand');
      expect((await place.run(['jobs'])).stderr).toContain('holds no jobs');
    }),
  );
});
