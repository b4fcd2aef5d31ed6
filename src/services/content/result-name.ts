import { endingOf, endingOfType, familyOf } from './formats.js';
import { safeFileName } from './safe-file-name.js';

/** What there is to name a result by. */
export interface NameSources {
  readonly jobSpecId: string;
  /** As the API sent it. */
  readonly filename?: string | undefined;
  /** As storage suggests it (Content-Disposition). */
  readonly suggestedName?: string | undefined;
  /** The pre-signed URL. */
  readonly url: string;
  /** Media type, lower case, without parameters. */
  readonly contentType?: string | undefined;
}

function endingOfUrl(url: string): string | undefined {
  const ending = URL.canParse(url) ? endingOf(new URL(url).pathname) : '';
  return familyOf(ending) === 'unknown' ? undefined : ending;
}

/**
 * The safe base name of a result: the API's, else storage's, else the job's id with the ending that the URL or the media type
 * names, else with `.zip`, which the result usually is (Step 8).
 */
export function resultName({ jobSpecId, filename, suggestedName, url, contentType }: NameSources): string {
  const ending = endingOfUrl(url) ?? endingOfType(contentType) ?? 'zip';
  return safeFileName(filename, safeFileName(suggestedName, `${jobSpecId}.${ending}`));
}

/** Whether a name's ending is the media type's, which comes from whoever sent the bytes: it promises nothing. */
export const isNamedByType = (sources: NameSources): boolean =>
  resultName(sources) !== resultName({ ...sources, contentType: undefined });

const EXTENDED = /(?:^|;)\s*filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']*'([^;\s]+)/i;
const QUOTED = /(?:^|;)\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i;
const BARE = /(?:^|;)\s*filename\s*=\s*([^;"\s]+)/i;

/** The name in a Content-Disposition (RFC 6266), as it was sent. */
export function dispositionName(header: unknown): string | undefined {
  if (typeof header !== 'string') return undefined;
  const extended = EXTENDED.exec(header)?.[1];
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended);
    } catch {
      // It says of itself to be encoded and is not: the plain one is left.
    }
  }
  return QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, '$1') ?? BARE.exec(header)?.[1];
}
