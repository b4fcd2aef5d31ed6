import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import busboy from 'busboy';
import type { ReceivedFile } from '../model/messages.js';
import { BodyTooLongError, type UploadRoom } from './upload-room.js';

const CHUNK_BYTES = 256 * 1024;
/** One part is needed; further parts are discarded. */
const LIMITS = { fields: 16, fieldSize: 64 * 1024, files: 16, parts: 32 };

/** A file on disk that is dropped once it exceeds the allowed size. */
function createKeeper({ directory, keepUpToBytes, left }: UploadRoom) {
  const path = join(directory, randomUUID());
  let handle: FileHandle | undefined;
  let isGivenUp = false;
  let taken = 0;
  const giveUp = async (): Promise<void> => {
    isGivenUp = true;
    await handle?.close();
    handle = undefined;
    await rm(path, { force: true });
    left.bytes += taken;
    taken = 0;
  };
  return {
    giveUp,
    async add(chunk: Uint8Array, sizeSoFar: number): Promise<void> {
      if (isGivenUp) return;
      if (sizeSoFar > keepUpToBytes || chunk.byteLength > left.bytes) return giveUp();
      left.bytes -= chunk.byteLength;
      taken += chunk.byteLength;
      handle ??= await open(path, 'wx');
      await handle.write(chunk);
    },
    async finish(size: number): Promise<ReceivedFile['bytes']> {
      await handle?.close();
      if (isGivenUp) return { kind: 'none' };
      return size === 0 ? { kind: 'memory', bytes: new Uint8Array() } : { kind: 'disk', path };
    },
  };
}

/** Counts and hashes a file while streaming; at most one chunk is in memory. */
export async function receiveFile(part: Readable, name: string, room: UploadRoom): Promise<ReceivedFile> {
  const hash = createHash('sha256');
  const keeper = createKeeper(room);
  let size = 0;
  let checksum = 0;
  try {
    // Boundary: a stream without an encoding yields buffers.
    for await (const chunk of part as AsyncIterable<Buffer>) {
      hash.update(chunk);
      checksum = crc32(chunk, checksum);
      size += chunk.byteLength;
      if (size > room.maxBytes) throw new BodyTooLongError(`a file has at most ${room.maxBytes} bytes`);
      await keeper.add(chunk, size);
    }
  } catch (error) {
    await keeper.giveUp();
    throw error;
  }
  const bytes = await keeper.finish(size);
  return { name, size, sha256: hash.digest('hex'), crc32: checksum, bytes };
}

/**
 * The part named `file` of a multipart body, or undefined if there is none (then nothing is stored). Rejects if the body is
 * truncated.
 */
export function receiveMultipart(
  body: Readable,
  headers: IncomingMessage['headers'],
  room: UploadRoom,
): Promise<ReceivedFile | undefined> {
  return new Promise((resolve, reject) => {
    let received: Promise<ReceivedFile> | undefined;
    const parser = busboy({
      headers,
      highWaterMark: CHUNK_BYTES,
      fileHwm: CHUNK_BYTES,
      defParamCharset: 'utf8',
      limits: LIMITS,
    });
    parser.on('file', (field, part, info) => {
      if (field !== 'file' || received !== undefined) return part.resume();
      received = receiveFile(part, info.filename ?? '', room);
      received.catch(reject);
    });
    parser.on('error', reject);
    parser.on('close', () => resolve(received));
    body.on('error', (error) => parser.destroy(error));
    body.on('close', () => {
      if (!('readableEnded' in body) || !body.readableEnded)
        parser.destroy(new Error('the upload was cut off'));
    });
    body.pipe(parser);
  });
}
