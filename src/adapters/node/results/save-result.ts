import { resolve } from 'node:path';
import { makeFolder } from '../../../engine/store/make-folder.js';
import type { JobPorts, SavedResult } from '../../../machines/ports.js';
import { createDoubts, type Doubts } from '../../../services/content/doubts.js';
import { isNamedByType, resultName } from '../../../services/content/result-name.js';
import { verifyResult } from '../../../services/content/verify-result.js';
import { defined } from '../../../services/defined.js';
import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import { isGoalLaneError } from '../../../services/errors/goal-lane-error.js';
import type { GoalClient } from '../../../services/goal-client.js';
import { namingFailure, onDisk } from '../local-failure.js';
import { moveUnderName } from './move-under-name.js';
import { type Opened, openDownload, type Saving } from './open-download.js';
import {
  claimPart,
  dropPart,
  keepWhole,
  leavePart,
  letGo,
  type NamelessFile,
  type PartFile,
} from './part-file.js';
import { originLabel, type WholePart } from './part-name.js';
import { readEnds } from './read-ends.js';
import { receive, totalOf } from './receive-result.js';

export interface SaveResultOptions {
  readonly client: Pick<GoalClient, 'fetchResult' | 'account' | 'redact'>;
  /** Folder for results; created if missing. */
  readonly outDir: OutDir;
}

/** One folder for all results, or a function of the host's job name. */
export type OutDir = string | ((jobId: string) => string);

const wrongLength = (bytes: number, total: number): Error =>
  errorFromFailure({
    kind: 'network',
    message: `the result has ${bytes} bytes where ${total} were announced`,
    advice: 'Try again; it continues from there, or is fetched from the beginning.',
    delivery: 'unknown',
    method: 'GET',
    speaker: 'storage',
  });

/** A complete result and its final name. */
interface Checked extends WholePart {
  readonly name: string;
  readonly warning?: string;
}

/** Rejects if the download is incomplete or has the wrong content (law 8, never mistaken). */
async function check(saving: Saving, opened: Opened, bytes: number, doubts: Doubts): Promise<Checked> {
  const { part, stream } = opened;
  const total = totalOf(opened);
  if (total !== undefined && bytes !== total) throw wrongLength(bytes, total);
  const ends = await onDisk(saving.dir, () => readEnds(part.handle, bytes));
  const { contentType, suggestedName, isDelimited = false } = stream;
  const sources = { ...saving, contentType, suggestedName };
  const name = resultName(sources);
  const sha256 = part.hash.digest('hex');
  const { jobSpecId, url } = saving;
  const found = {
    ...ends,
    name,
    isNamedByType: isNamedByType(sources),
    contentType,
    isDelimited,
    jobSpecId,
    url,
    sha256,
    redact: saving.client.redact,
  };
  return { name, bytes, sha256, ...verifyResult(found, doubts) };
}

const savedAs = (
  file: string,
  { bytes, sha256, verified, warning }: WholePart & Partial<Checked>,
): SavedResult => ({
  file,
  bytes,
  sha256,
  verified,
  ...defined({ warning }),
});

/** Gives a checked part its final name. If that fails, the part stays, and the failure names its path. */
async function finish(saving: Saving, part: PartFile, checked: Checked): Promise<SavedResult> {
  const { dir, owner } = saving;
  try {
    const file = await moveUnderName({ ...checked, path: part.path }, dir, checked.name);
    await part.handle.close().catch(() => undefined);
    letGo(part);
    return savedAs(file, checked);
  } catch (error) {
    const kept = await onDisk(dir, () => keepWhole(dir, owner, part, checked));
    letGo(kept);
    throw namingFailure(checked.name, kept.path, error);
  }
}

/** An earlier attempt downloaded everything but could not give it its final name: nothing is downloaded. */
async function nameWhole(saving: Saving, file: NamelessFile): Promise<SavedResult> {
  const name = resultName(saving);
  try {
    const placed = await moveUnderName(file, saving.dir, name);
    const warning = file.verified ? {} : { warning: 'when it was fetched, it could not be verified' };
    return savedAs(placed, { ...file, ...warning });
  } catch (error) {
    throw namingFailure(name, file.path, error);
  } finally {
    letGo(file);
  }
}

/** Only an interrupted download is worth keeping. */
const isWorthKeeping = (error: unknown): boolean =>
  isGoalLaneError(error) && (error.kind === 'aborted' || error.kind === 'network');

async function fetchAndSave(saving: Saving, opened: Opened, doubts: Doubts): Promise<SavedResult> {
  const { part, stream } = opened;
  let checked: Checked;
  try {
    const bytes = await receive(saving, opened);
    checked = await check(saving, opened, bytes, doubts);
  } catch (error) {
    stream.close();
    await (isWorthKeeping(error) ? leavePart(part) : dropPart(part));
    throw error;
  }
  return finish(saving, part, checked);
}

/**
 * Streams the result to a `.part` file next to its target while hashing, and gives it its final name once it is complete, checked
 * and on the disk. An interrupted download is kept for the next call, in this process or a later one, which continues it if key,
 * server and ETag match ("Step 8: Download Results"). Rejects with kind `gone` (URL refused, or wrong content), `network`
 * (interrupted), `bad-response` (contradicts its own headers), `storage` (disk; a complete download stays there).
 */
export function saveResult({ client, outDir }: SaveResultOptions): JobPorts['saveResult'] {
  const doubts = createDoubts();
  return async ({ jobSpecId, download }, options) => {
    const dir = resolve(typeof outDir === 'string' ? outDir : outDir(options.jobId));
    const { url, filename } = download;
    await onDisk(dir, () => makeFolder(dir));
    const owner = { account: client.account ?? '', jobSpecId };
    const saving: Saving = { ...options, client, dir, owner, jobSpecId, url, filename };
    const left = await onDisk(dir, () => claimPart(dir, owner, originLabel(url)));
    if (left?.type === 'whole') return nameWhole(saving, left.file);
    return fetchAndSave(saving, await openDownload(saving, left?.part), doubts);
  };
}
