import type { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { createSupportsHyperlinks } from 'supports-hyperlinks';
import { safeLine } from './terminal-safe.js';

const OSC = '\u001b]8;;';
const END = '\u001b\\';

/** How the path of a file is shown to people. */
export type ShowFile = (file: string) => string;

/** As text that a terminal only shows. */
export const plainFile: ShowFile = safeLine;

/** As a link, where the terminal is known to have them (OSC 8; `FORCE_HYPERLINK` says so, too). */
export function linkedFile(stream: Writable & { readonly isTTY?: boolean | undefined }): ShowFile {
  if (!createSupportsHyperlinks({ isTTY: stream.isTTY === true })) return plainFile;
  return (file) => `${OSC}${pathToFileURL(file).href}${END}${safeLine(file)}${OSC}${END}`;
}
