import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { type Emulator, startEmulator } from '../../src/adapters/emulator/index.js';
import { CONTENT_BYTES, contentOf, type Site, type Told } from './site.js';

const SPEED = 40;

export interface Emulated {
  readonly site: Site;
  /** Sees that a job went all the way, in its own words and in those of the emulator. */
  expectDone(reported: Told): void;
  close(): Promise<void>;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** One emulator for all runtimes, whose time runs ahead so that a job takes a second. */
export async function emulated(allowOrigins: readonly string[]): Promise<Emulated> {
  const start = Date.now();
  const emulator: Emulator = await startEmulator({
    clock: { now: () => start + (Date.now() - start) * SPEED },
    allowOrigins,
  });
  const content = Buffer.from(contentOf(CONTENT_BYTES));
  return {
    site: { baseUrl: emulator.baseUrl, apiKey: emulator.apiKey, start, speed: SPEED },
    expectDone(reported) {
      expect(reported, JSON.stringify(reported.failure)).toMatchObject({
        status: 'completed',
        asked: ['confirmed_titles'],
      });
      const result = Buffer.from(reported.result ?? '', 'base64');
      expect(result.length).toBeGreaterThan(0);
      expect(reported.sha256).toBe(sha256(result));
      expect(reported.sent.at(-1)).toBe(CONTENT_BYTES);
      // The emulator gives back what it was sent.
      expect(result.includes(content)).toBe(true);
    },
    close: () => emulator.close(),
  };
}
