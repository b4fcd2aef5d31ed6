import { execFileSync } from 'node:child_process';
import { link, mkdtemp, open, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectFiles } from '../../../src/adapters/node/uploads/inspect-files.js';
import { openDiskFile } from '../../../src/adapters/node/uploads/open-disk-file.js';
import type { FileFacts } from '../../../src/machines/ports.js';
import { failureOf } from '../../support/failure-of.js';

let dir = '';
let path = '';
const LONG_AGO = 1_700_000_000;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-odd-'));
  path = join(dir, 'cv.pdf');
  await writeFile(path, 'my cv');
  await utimes(path, LONG_AGO, LONG_AGO);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const options = { signal: new AbortController().signal, jobId: 'a' };
const inspect = (...handles: string[]): Promise<readonly FileFacts[]> => inspectFiles()({ handles }, options);
const factsOf = async (handle: string): Promise<FileFacts> => {
  const [facts] = await inspect(handle);
  if (facts === undefined) throw new Error('no facts');
  return facts;
};

/** The body as it would go out. */
async function bodyOf(
  file: FileFacts,
  whileSent: () => Promise<void> = async () => undefined,
): Promise<string> {
  let isFirst = true;
  const body = await openDiskFile(file, () => undefined);
  try {
    const chunks: Buffer[] = [];
    // Boundary: what a transport takes is a stream here.
    for await (const chunk of body.data as AsyncIterable<Buffer>) {
      chunks.push(Buffer.from(chunk));
      if (isFirst) await whileSent();
      isFirst = false;
    }
    return Buffer.concat(chunks).toString();
  } finally {
    await body.close();
  }
}

/** Other bytes of the same length, and the old time. */
async function overwrite(target = path, text = 'MY CV'): Promise<void> {
  const { atimeMs, mtimeMs } = await stat(target);
  const before = (await stat(target, { bigint: true })).ctimeNs;
  const handle = await open(target, 'r+');
  do {
    await handle.write(text, 0);
    await utimes(target, atimeMs / 1e3, mtimeMs / 1e3);
    // The clock of a disk goes in steps of some ms.
  } while ((await stat(target, { bigint: true })).ctimeNs / 1_000_000n === before / 1_000_000n);
  await handle.close();
}

describe('which file it is', () => {
  it('is the same by a link of either kind and by another way of writing the path', async () => {
    await symlink(path, join(dir, 'soft.pdf'));
    await link(path, join(dir, 'hard.pdf'));
    const others = [join(dir, 'soft.pdf'), join(dir, 'hard.pdf'), `${dir}/./cv.pdf`];
    const identities = (await inspect(path, ...others)).map(({ identity }) => identity);
    expect(new Set(identities).size).toBe(1);
    await writeFile(join(dir, 'copy.pdf'), await readFile(path));
    expect((await factsOf(join(dir, 'copy.pdf'))).identity).not.toBe(identities[0]);
  });
});

describe('a file whose length is not known', () => {
  it('is refused where it is said to be empty and is not', async () => {
    const made = `/proc/${process.pid}/status`;
    expect((await stat(made)).size).toBe(0);
    const failure = await failureOf(inspect(made));
    expect(failure.findings).toEqual([
      expect.stringContaining(`${made}: it is said to be empty, and is not`),
    ]);
  });

  it('is refused where it is a pipe, without waiting for its writer', async () => {
    const pipe = join(dir, 'pipe.pdf');
    execFileSync('mkfifo', [pipe]);
    expect((await failureOf(inspect(pipe))).findings).toEqual([`${pipe}: it is not a regular file`]);
  });
});

describe('a file that was changed in place and given its old time', () => {
  it('is noticed before it is sent', async () => {
    const file = await factsOf(path);
    await overwrite();
    expect((await factsOf(path)).modifiedAt).toBe(file.modifiedAt);
    expect(await failureOf(bodyOf(file))).toMatchObject({
      kind: 'file',
      message: expect.stringMatching(/it has changed since it was checked \(last changed/),
    });
  });

  it('is noticed while it is sent', async () => {
    await writeFile(path, 'x'.repeat(1_000_000));
    await utimes(path, LONG_AGO, LONG_AGO);
    const file = await factsOf(path);
    const sent = bodyOf(file, () => overwrite(path, 'y'));
    expect((await failureOf(sent)).message).toContain('it was written to while it was sent');
  });

  it('is the same where its bytes are known to be', async () => {
    const [file] = await inspectFiles({ hashFiles: true })({ handles: [path] }, options);
    if (file === undefined) throw new Error('no facts');
    await overwrite(path, 'my cv');
    expect(await bodyOf(file)).toContain('my cv');
    await overwrite(path, 'MY CV');
    expect((await failureOf(bodyOf(file))).message).toContain('same size, other bytes');
  });
});

it('another file in its place is noticed, whatever its time and size', async () => {
  const file = await factsOf(path);
  await writeFile(join(dir, 'other.pdf'), 'MY CV');
  await utimes(join(dir, 'other.pdf'), LONG_AGO, LONG_AGO);
  execFileSync('mv', [join(dir, 'other.pdf'), path]);
  expect((await failureOf(bodyOf(file))).message).toContain('another file is in its place');
});
