import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { faultsOf, subjectOf } from '../../scripts/check-commits.mjs';
import { faultsIn } from '../../scripts/check-licences.mjs';

const run = promisify(execFile);
const node = (...args: string[]) => run(process.execPath, args).then(({ stdout }) => stdout);

const manifest = z.object({
  name: z.string(),
  homepage: z.string(),
  bugs: z.string(),
  repository: z.object({ url: z.string() }),
  keywords: z.array(z.string()),
  sideEffects: z.array(z.string()),
  scripts: z.record(z.string(), z.string()),
});
const readManifest = async () => manifest.parse(JSON.parse(await readFile('package.json', 'utf8')));

describe('commits', () => {
  it('have subjects that say one thing in a line', async () => {
    expect(await node('scripts/check-commits.mjs')).toContain('as they should be');
  });

  it.each([
    ['Wait for a limit that the server names', 0],
    ['Merge branch otel', 0],
    [`Wait ${'very '.repeat(20)}long`, 1],
    ['wait for a limit', 1],
    ['Wait for a limit.', 1],
    ['Added a limit', 1],
    ['Adding a limit', 1],
    ['Feed a limit', 0],
  ])('%s', (subject, faults) => {
    expect(faultsOf(subject)).toHaveLength(faults);
  });

  it('are refused by the hook, which reads past the comments of git', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'goal-lane-commit-'));
    const file = join(folder, 'COMMIT_EDITMSG');
    await writeFile(file, '# On branch main\n\nadded something.\n');
    await expect(node('scripts/check-commits.mjs', '--message', file)).rejects.toMatchObject({ code: 1 });
    await writeFile(file, 'Add something\n\nWhy.\n# On branch main\n');
    expect(await node('scripts/check-commits.mjs', '--message', file)).toContain('1 subjects');
    await rm(folder, { recursive: true });
    expect(subjectOf('# a\n\nb\n')).toBe('b');
    expect(await readFile('.githooks/commit-msg', 'utf8')).toContain('check-commits.mjs" --message "$1"');
  });
});

describe('licences', () => {
  it('are those that this project takes, in every lockfile', async () => {
    expect(await node('scripts/check-licences.mjs')).toContain('every licence');
  });

  it('are held to less where a package is shipped, and must be there', () => {
    const packages = {
      '': {},
      'node_modules/a': { license: 'MIT' },
      'node_modules/b': { license: 'MPL-2.0' },
      'node_modules/c': { license: 'MPL-2.0', dev: true },
      'node_modules/d': {},
      'node_modules/e': { license: '(GPL-3.0 OR MIT)' },
      'node_modules/f': { license: 'GPL-3.0', dev: true },
    };
    expect(faultsIn({ packages })).toEqual(['b: MPL-2.0 (shipped)', 'd: no licence (shipped)', 'f: GPL-3.0']);
  });
});

describe('changes', () => {
  it('are written down in files that changesets can read', async () => {
    const { name } = await readManifest();
    const files = (await readdir('.changeset')).filter(
      (file) => file.endsWith('.md') && file !== 'README.md',
    );
    for (const file of files) {
      const text = await readFile(join('.changeset', file), 'utf8');
      expect(text, file).toMatch(new RegExp(`^---\n["']?${name}["']?: (major|minor|patch)\n---\n\n\\S`));
    }
    const config: unknown = JSON.parse(await readFile('.changeset/config.json', 'utf8'));
    expect(config).toMatchObject({
      changelog: '@changesets/cli/changelog',
      baseBranch: 'main',
      commit: false,
    });
  });

  it('are added at the top of a change log whose sections are versions', async () => {
    const log = await readFile('CHANGELOG.md', 'utf8');
    expect(log.startsWith('# Changelog\n\n## ')).toBe(true);
    const sections = [...log.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    for (const title of sections) expect(title).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('the package', () => {
  it('runs nothing when it is installed', async () => {
    const { scripts } = await readManifest();
    const atInstall = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];
    expect(Object.keys(scripts).filter((name) => atInstall.includes(name))).toEqual([]);
    // A fresh clone has no dist: the demo makes it, and so do the types, for examples are typed by the declarations.
    expect([scripts.predemo, scripts.pretypes]).toEqual(['npm run -s built', 'npm run -s built']);
    expect(scripts.built).toContain('|| npm run -s build');
  });

  it('names in SECURITY.md each package that runs something when it is installed with ours', async () => {
    const { packages }: { packages: Record<string, { dev?: boolean; hasInstallScript?: boolean }> } =
      JSON.parse(await readFile('package-lock.json', 'utf8'));
    const running = Object.entries(packages).filter(
      ([, { dev, hasInstallScript }]) => hasInstallScript && !dev,
    );
    const security = await readFile('SECURITY.md', 'utf8');
    for (const [path] of running) expect(security).toContain(`\`${path.replace('node_modules/', '')}\``);
    expect(running.map(([path]) => path)).toEqual(['node_modules/@photostructure/sqlite']);
  });

  it('says where it is from, and which of its files do something when they are imported', async () => {
    const { homepage, bugs, repository, keywords, sideEffects } = await readManifest();
    const home = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
    expect([homepage, bugs]).toEqual([`${home}#readme`, `${home}/issues`]);
    expect(keywords.length).toBeGreaterThan(5);
    const found = await Promise.all(
      sideEffects.map(async (pattern) => {
        const folder = pattern.replace(/\/(\*\*|[^/]+\.js)$/, '');
        return (await readdir(folder)).length;
      }),
    );
    for (const count of found) expect(count).toBeGreaterThan(0);
  });
});

describe('who reports something', () => {
  it('is asked for what the doctor says and for a trace', async () => {
    const bug = await readFile('.github/ISSUE_TEMPLATE/bug.yml', 'utf8');
    for (const words of ['goal-lane doctor --json', '--trace trace.har', 'SECURITY.md'])
      expect(bug).toContain(words);
  });

  it('has a private way to report', async () => {
    expect(await readFile('SECURITY.md', 'utf8')).toMatch(/privately/);
  });
});
