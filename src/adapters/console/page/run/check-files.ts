import type { Workflow } from '../../../../services/wire/wire-types.js';
import { size } from '../words/times.js';

export interface NamedFile {
  readonly name: string;
  readonly bytes: number;
}

const extensionOf = (name: string): string => (/\.([^.]+)$/.exec(name)?.[1] ?? '').toLowerCase();

export const formatsOf = ({ supportedInputFormats }: Workflow): string =>
  supportedInputFormats.map((format) => format.toUpperCase()).join(', ');

/** Why a workflow does not accept a file, before a byte is sent; undefined if it does. */
export function refusalOf(
  file: NamedFile,
  before: readonly NamedFile[],
  workflow: Workflow,
): string | undefined {
  const { supportedInputFormats: formats, maxInputSizeBytes: most } = workflow;
  if (formats.length > 0 && !formats.includes(extensionOf(file.name)))
    return `${file.name}: not accepted. Use ${formatsOf(workflow)}.`;
  if (file.bytes === 0) return `${file.name}: the file is empty.`;
  const all = before.reduce((sum, { bytes }) => sum + bytes, file.bytes);
  if (most !== undefined && all > most)
    return `${file.name}: too large. All files together may have ${sizeLimit(most)}; with this one they have ${size(all)}.`;
  return undefined;
}

const MIB = 1024 * 1024;

/** In the unit of the limits: whole MB of 1,048,576 bytes if possible. */
export const sizeLimit = (bytes: number): string => (bytes % MIB === 0 ? `${bytes / MIB} MB` : size(bytes));

/** The files that are missing before a job can start. */
export function missingFiles(
  files: readonly NamedFile[],
  { minFileCount = 1 }: Workflow,
): string | undefined {
  if (files.length >= minFileCount) return undefined;
  const wanted = minFileCount === 1 ? 'at least one file' : `at least ${minFileCount} files`;
  return `Choose ${wanted}; there ${files.length === 1 ? 'is 1' : `are ${files.length}`}.`;
}
