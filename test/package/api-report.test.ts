import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-reports-'));
  await cp('api', folder, { recursive: true });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const check = (...flags: string[]): Promise<{ code: number; said: string }> =>
  run('npm', ['run', '--silent', 'api:check', '--', ...flags]).then(
    ({ stderr }) => ({ code: 0, said: stderr }),
    (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
  );

/** The front door's names, as its report lists them. */
const namesOf = (report: string): string[] =>
  [...report.matchAll(/^export (?:abstract )?(?:class|const|function|interface|type) (\w+)/gm)].map(
    ([, name = '']) => name,
  );

describe('the API reports', () => {
  it('say what each door exports: `npm run api` writes them again', async () => {
    expect(await check()).toEqual({ code: 0, said: '' });
  }, 120_000);

  it('fail the check when a declaration is not what was reviewed, or a report belongs to no door', async () => {
    const report = join(folder, 'inspector-node.api.md');
    const reviewed = await readFile(report, 'utf8');
    await writeFile(report, reviewed.replace('readonly port?: number', 'readonly port?: string'));
    await writeFile(join(folder, 'adapters.api.md'), '');
    const { code, said } = await check('--door', 'inspector/node', '--reports', folder);
    expect(code).toBe(1);
    expect(said).toMatch(/^-.*port\?: string/m);
    expect(said).toMatch(/^\+.*port\?: number/m);
    expect(said).toContain('adapters.api.md: a report of no door');
  }, 120_000);
});

describe('the front door', () => {
  it('has about sixty names, of which none is a part of the engine', async () => {
    const names = namesOf(await readFile('api/index.api.md', 'utf8'));
    expect(names).toEqual(expect.arrayContaining(['runGoalJob', 'createGoalLane', 'createStoredJobs']));
    expect(names.length).toBeGreaterThan(50);
    expect(names.length).toBeLessThanOrEqual(62);
    const parts = ['JobContext', 'Reply', 'PollTurn', 'isKnown', 'sanitizeSnapshot', 'timePorts', 'REDACTED'];
    expect(names.filter((name) => parts.includes(name))).toEqual([]);
  });

  it('lists its names one by one', async () => {
    expect(await readFile('src/index.ts', 'utf8')).not.toContain('export *');
  });
});
