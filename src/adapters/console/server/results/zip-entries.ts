import type { FileHandle } from 'node:fs/promises';
import { fromFd } from 'yauzl';

export interface ZipEntry {
  readonly index: number;
  readonly name: string;
  readonly bytes: number;
  /** The name is absolute, leads out of its folder, or has control characters. */
  readonly isOdd: boolean;
}

const MAX_ENTRIES = 10_000;

/** Names in an archive are only shown; nothing is unpacked. */
const isOdd = (name: string): boolean =>
  /^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..') || /\p{Cc}/u.test(name);

/** Lists a ZIP file; rejects if it is not one. The caller keeps the handle. */
export function zipEntries({ fd }: FileHandle): Promise<readonly ZipEntry[]> {
  return new Promise((resolve, reject) => {
    fromFd(fd, { lazyEntries: true, autoClose: false, decodeStrings: false }, (error, zip) => {
      if (error !== null) return reject(error);
      const entries: ZipEntry[] = [];
      zip.on('error', reject);
      zip.on('end', () => resolve(entries));
      zip.on('entry', ({ fileName, uncompressedSize }) => {
        const name = String(fileName);
        entries.push({ index: entries.length, name, bytes: uncompressedSize, isOdd: isOdd(name) });
        if (entries.length >= MAX_ENTRIES) resolve(entries);
        else zip.readEntry();
      });
      zip.readEntry();
    });
  });
}
