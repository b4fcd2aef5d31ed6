import { createHash } from 'node:crypto';
import { defined } from '../../../services/defined.js';
import { type ResultContent, type ResultPart, sizeOf } from './result-content.js';
import { layOutZip, memoryEntry, type ZipEntry } from './stored-zip.js';
import type { RemoteJob, StoredFile } from './world.js';

/** The name in the pre-signed URL and, without a fault, in `filename`. */
export const resultFilename = (job: RemoteJob): string =>
  job.workflow.execution.result?.filename ??
  (job.workflow.execution.result?.kind === 'random' ? 'output.bin' : 'output.zip');

/** A name that is safe inside a ZIP and unused. */
function entryName(name: string, taken: Set<string>): string {
  const base =
    name
      .split(/[/\\]/)
      .at(-1)
      ?.replace(/\p{Cc}/gu, '_') ?? '';
  const safe = base === '' || base === '.' || base === '..' ? 'file' : base;
  let free = safe;
  for (let count = 2; taken.has(free); count += 1) free = `${count}-${safe}`;
  taken.add(free);
  return free;
}

function fileEntry(file: StoredFile, name: string): ZipEntry[] {
  const { bytes, size, crc32 } = file;
  if (bytes.kind === 'none') return [];
  const part: ResultPart =
    bytes.kind === 'memory'
      ? { kind: 'bytes', bytes: bytes.bytes }
      : { kind: 'disk', path: bytes.path, size };
  return [{ name, size, crc32, part }];
}

/** The uploaded files whose bytes were stored, and a manifest of all files. */
function zipParts(job: RemoteJob): ResultPart[] {
  const taken = new Set(['manifest.json']);
  const named = job.files.map((file) => ({ file, name: entryName(file.name, taken) }));
  const manifest = {
    jobSpecId: job.jobSpecId,
    workflowId: job.workflow.specId,
    files: named.map(({ file, name }) => ({
      name,
      size: file.size,
      sha256: file.sha256,
      included: file.bytes.kind !== 'none',
    })),
    slots: job.given,
    ...defined({ revision: job.tweaks.resultRevision }),
  };
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const entries = named.flatMap(({ file, name }) => fileEntry(file, name));
  return layOutZip([memoryEntry('manifest.json', text), ...entries]);
}

const etagOf = (job: RemoteJob, totalBytes: number): string => {
  const facts = [
    job.jobSpecId,
    totalBytes,
    job.files.map((file) => file.sha256),
    job.given,
    job.tweaks.resultRevision,
  ];
  return `"${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32)}"`;
};

/** The result of a completed job; the same bytes for each download. */
export function resultOf(job: RemoteJob): ResultContent {
  const result = job.workflow.execution.result ?? { kind: 'zip' };
  const parts: ResultPart[] =
    result.kind === 'random' ? [{ kind: 'random', size: result.bytes }] : zipParts(job);
  const totalBytes = parts.reduce((sum, part) => sum + sizeOf(part), 0);
  const contentType = result.kind === 'random' ? 'application/octet-stream' : 'application/zip';
  return { parts, totalBytes, etag: etagOf(job, totalBytes), contentType };
}
