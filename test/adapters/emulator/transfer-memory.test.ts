import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../../src/adapters/emulator/index.js';

const MIB = 1024 * 1024;
const UPLOAD_BYTES = 128 * MIB;

/** Sends a multipart body of one file, a chunk at a time, and gives the reply's text. */
function sendLarge(url: URL, apiKey: string, bytes: number, onChunk: () => void): Promise<string> {
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="big.bin"\r\n\r\n';
  const tail = '\r\n--b--\r\n';
  const chunk = Buffer.alloc(MIB, 7);
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': head.length + bytes + tail.length,
    };
    const sending = request(url, { method: 'POST', headers }, async (reply) => {
      const texts: Buffer[] = [];
      for await (const part of reply) texts.push(part);
      resolve(Buffer.concat(texts).toString());
    });
    sending.on('error', reject);
    sending.write(head);
    let left = bytes / MIB;
    const next = (): void => {
      onChunk();
      if (left === 0) return void sending.end(tail);
      left -= 1;
      sending.write(chunk, next);
    };
    next();
  });
}

describe('a large upload', () => {
  it('is counted and hashed as it streams by, and never held in memory', async () => {
    const emulator = await startEmulator();
    try {
      const before = process.memoryUsage().arrayBuffers;
      let most = 0;
      const look = (): void => {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      };
      const url = new URL(`${emulator.baseUrl}/upload`);
      const reply = JSON.parse(await sendLarge(url, emulator.apiKey, UPLOAD_BYTES, look));
      expect(reply).toEqual({ file_id: expect.stringMatching(/^file_\w+$/) });
      expect(emulator.log.at(-1)?.effect).toMatchObject({ bytes: UPLOAD_BYTES });
      expect(most).toBeLessThan(64 * MIB);
    } finally {
      await emulator.close();
    }
  });
});
