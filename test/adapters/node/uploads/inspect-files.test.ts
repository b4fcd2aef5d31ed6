import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeClient, createNodePorts } from '../../../../src/adapters/node/index.js';
import { failureOf } from '../../../support/failure-of.js';

const run = promisify(execFile);

let dir = '';
const client = createNodeClient({ apiKey: 'key-0123456789abcdef', baseUrl: 'http://127.0.0.1:9' });
const options = { signal: new AbortController().signal, jobId: 'a' };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-inspect-'));
  await writeFile(join(dir, 'cv.pdf'), 'my cv');
  await utimes(join(dir, 'cv.pdf'), 1_700_000_000, 1_700_000_000);
  await writeFile(join(dir, 'empty.txt'), '');
  await mkdir(join(dir, 'folder.pdf'));
  await symlink('/dev/null', join(dir, 'device.pdf'));
});

afterAll(async () => {
  client.close();
  await rm(dir, { recursive: true, force: true });
});

const inspect = (names: readonly string[], hashFiles = false) =>
  createNodePorts({ client, outDir: dir, hashFiles }).inspectFiles(
    { handles: names.map((name) => join(dir, name)) },
    options,
  );

describe('inspectFiles', () => {
  it('lists what is known of each file, in order', async () => {
    expect(await inspect(['empty.txt', 'cv.pdf'])).toEqual([
      expect.objectContaining({ handle: join(dir, 'empty.txt'), name: 'empty.txt', bytes: 0 }),
      {
        handle: join(dir, 'cv.pdf'),
        name: 'cv.pdf',
        bytes: 5,
        modifiedAt: 1_700_000_000_000,
        changedAt: expect.any(Number),
        identity: expect.stringMatching(/^\d+:\d+$/),
      },
    ]);
  });

  it('reads the files only where it is asked to', async () => {
    const [facts] = await inspect(['cv.pdf'], true);
    expect(facts?.sha256).toBe(createHash('sha256').update('my cv').digest('hex'));
  });

  it('names each file that is missing or is none, not only the first', async () => {
    const failure = await failureOf(inspect(['cv.pdf', 'gone.pdf', 'folder.pdf', 'device.pdf', 'cv.pdf/x']));
    expect(failure).toMatchObject({ kind: 'file', delivery: 'not-sent' });
    expect(failure.findings).toEqual([
      `${join(dir, 'gone.pdf')}: it does not exist`,
      `${join(dir, 'folder.pdf')}: it is a directory`,
      `${join(dir, 'device.pdf')}: it is not a regular file`,
      `${join(dir, 'cv.pdf/x')}: it does not exist`,
    ]);
    expect(failure.message).toBe(failure.findings?.join('; '));
  });

  it('names a file that must not be read', async () => {
    const path = join(dir, 'secret.pdf');
    await writeFile(path, 'x', { mode: 0o000 });
    await chmod(dir, 0o755);
    // Root may read anything: a process of its own, which can give that up for good, looks at the file.
    const code = `
      const { createNodeClient, createNodePorts } = await import(${JSON.stringify(pathToFileURL('dist/index.js').href)});
      if (process.getuid() === 0) process.setuid(65534);
      const client = createNodeClient({ apiKey: 'key-0123456789abcdef', baseUrl: 'http://127.0.0.1:9' });
      const { inspectFiles } = createNodePorts({ client, outDir: '.' });
      const signal = new AbortController().signal;
      await inspectFiles({ handles: [${JSON.stringify(path)}] }, { signal, jobId: 'a' }).catch((error) =>
        process.stdout.write(error.failure.findings.join()));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code]);
    expect(stdout).toBe(`${path}: permission denied`);
  });
});
