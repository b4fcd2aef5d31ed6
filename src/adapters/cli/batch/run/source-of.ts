import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CliIo } from '../../cli-io.js';
import { UsageError } from '../../ends/usage-error.js';
import type { BatchFlags } from '../../flags/flags.js';
import { safeLine } from '../../say/terminal-safe.js';
import { type Manifest, manifestOfFiles, openManifest } from '../manifest/open-manifest.js';

/** The input of a batch. */
export type BatchSource =
  | { readonly type: 'manifest'; readonly manifest: Manifest }
  | { readonly type: 'folder'; readonly folder: string; readonly workflowId: string };

const WAYS =
  'Name one manifest, or - for stdin; or files with --workflow ID; or a folder with --watch DIR --workflow ID.';

async function watched(
  folder: string,
  workflowId: string | undefined,
  args: readonly string[],
): Promise<BatchSource> {
  if (workflowId === undefined) throw new UsageError('--watch: no workflow is named', 'Add --workflow ID.');
  if (args.length > 0)
    throw new UsageError('--watch: files are named, too', 'Put them into the folder, or leave --watch out.');
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory() !== true)
    throw new UsageError(
      `--watch ${safeLine(folder)}: it is not a folder`,
      'Make it first, or name another one.',
    );
  return { type: 'folder', folder: resolve(folder), workflowId };
}

/** @throws UsageError */
export async function sourceOf(io: CliIo, flags: BatchFlags, args: readonly string[]): Promise<BatchSource> {
  const { workflow, perFile, together, watch } = flags;
  if (workflow?.trim() === '')
    throw new UsageError('--workflow: the id is empty', 'List the workflows: goal-lane workflows');
  if (perFile === true && together === true)
    throw new UsageError(
      'batch: --per-file and --together',
      'One job for each file, or one for all: use one of the two flags.',
    );
  if ((perFile === true || together === true) && (workflow === undefined || watch !== undefined))
    throw new UsageError(
      'batch: --per-file and --together are about files that are named with --workflow',
      WAYS,
    );
  if (watch !== undefined) return watched(watch, workflow, args);
  if (workflow !== undefined) {
    if (args.length === 0) throw new UsageError('batch --workflow: no file is named', WAYS);
    return { type: 'manifest', manifest: manifestOfFiles(workflow, args, together === true) };
  }
  const [path] = args;
  if (path === undefined || args.length > 1) throw new UsageError('batch: not one manifest', WAYS);
  return { type: 'manifest', manifest: await openManifest(io, path) };
}
