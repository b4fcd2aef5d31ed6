import type { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { createSupportsHyperlinks } from 'supports-hyperlinks';
import { safeLine } from './terminal-safe.js';

const OSC = '\u001b]8;;';
const END = '\u001b\\';

/** How a file's path is shown to people. */
export type ShowFile = (file: string) => string;

/** As safe text. */
export const plainFile: ShowFile = safeLine;

/** As a link, if the terminal is known to support it (OSC 8; `FORCE_HYPERLINK` forces it). */
export function linkedFile(stream: Writable & { readonly isTTY?: boolean | undefined }): ShowFile {
  if (!createSupportsHyperlinks({ isTTY: stream.isTTY === true })) return plainFile;
  return (file) => `${OSC}${pathToFileURL(file).href}${END}${safeLine(file)}${OSC}${END}`;
}
