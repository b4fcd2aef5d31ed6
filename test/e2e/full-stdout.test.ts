import { closeSync, openSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkplace, type Workplace } from './cli-process.js';
import { type ReferenceServer, startReferenceServer } from './reference-server.js';

const RUN = ['run', 'goal_lane.cover_letter', 'resume.txt', '--out', 'out', '--json'];

let server: ReferenceServer;
let place: Workplace;
let full = 0;
beforeAll(async () => {
  server = await startReferenceServer();
  place = createWorkplace(server);
  place.file('resume.txt');
  if (process.platform === 'linux') full = openSync('/dev/full', 'w');
});
afterAll(async () => {
  if (full > 0) closeSync(full);
  place.remove();
  await server.close();
});

describe.runIf(process.platform === 'linux')('a stdout on a full disk', () => {
  it.each([[['--version']], [['--help']], [['workflows']], [['workflows', '--json']], [['emulate']]])(
    'is reported in one plain line, with its own exit code: %j',
    async (args) => {
      const { code, stderr } = await place.start(args, {}, full).result;
      expect(code).toBe(74);
      expect(stderr).toMatch(/^stdout cannot be written: ENOSPC.*$/m);
      expect(stderr).not.toMatch(/ {4}at |node:|Error:/);
    },
  );

  it('detaches from a running job, which can be resumed', async () => {
    const { code, stderr } = await place.start(RUN, {}, full).result;
    expect(code).toBe(74);
    expect(stderr).toContain('stdout cannot be written');
    const [, id = ''] = /Resume with: goal-lane resume (\w+)/.exec(stderr) ?? [];
    const resumed = await place.run(['resume', id, '--out', 'out', '--json']);
    expect(resumed.last()).toMatchObject({ type: 'completed', sha256: server.result.sha256 });
    expect(server.calls('POST', /\/jobs\/goal$/)).toHaveLength(1);
  });
});
