import { endingOf, endingOfType, familyOf } from './formats.js';
import { safeFileName } from './safe-file-name.js';

/** The sources for the name of a result. */
export interface NameSources {
  readonly jobSpecId: string;
  /** As sent by the API. */
  readonly filename?: string | undefined;
  /** As suggested by storage (Content-Disposition). */
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
 * The safe base name of a result: the API's, else storage's, else the job id with the extension from the URL or the media type,
 * else with `.zip`, the usual format ("Step 8: Download Results").
 */
export function resultName({ jobSpecId, filename, suggestedName, url, contentType }: NameSources): string {
  const ending = endingOfUrl(url) ?? endingOfType(contentType) ?? 'zip';
  return safeFileName(filename, safeFileName(suggestedName, `${jobSpecId}.${ending}`));
}

/** Whether the extension comes from the media type, which the sender of the bytes chooses: then it proves nothing. */
export const isNamedByType = (sources: NameSources): boolean =>
  resultName(sources) !== resultName({ ...sources, contentType: undefined });

const EXTENDED = /(?:^|;)\s*filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']*'([^;\s]+)/i;
const QUOTED = /(?:^|;)\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i;
const BARE = /(?:^|;)\s*filename\s*=\s*([^;"\s]+)/i;

/** The name in a Content-Disposition header (RFC 6266), as sent. */
export function dispositionName(header: unknown): string | undefined {
  if (typeof header !== 'string') return undefined;
  const extended = EXTENDED.exec(header)?.[1];
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended);
    } catch {
      // It claims to be encoded but is not: fall back to the plain name.
    }
  }
  return QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, '$1') ?? BARE.exec(header)?.[1];
}
