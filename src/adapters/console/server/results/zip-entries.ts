import type { FileHandle } from 'node:fs/promises';
import { fromFd } from 'yauzl';

export interface ZipEntry {
  readonly index: number;
  readonly name: string;
  readonly bytes: number;
  /** Absolute, or leads out of its folder. */
  readonly isOdd: boolean;
}

const MAX_ENTRIES = 10_000;

/** Names in an archive are data: they are shown, and nothing is unpacked. */
const isOdd = (name: string): boolean =>
  /^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..') || /\p{Cc}/u.test(name);

/** What is in a ZIP file; rejects for what is none. The handle stays the caller's. */
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
