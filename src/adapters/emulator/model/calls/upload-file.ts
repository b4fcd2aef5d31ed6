import { validationError } from '../api-error.js';
import type { ReceivedFile } from '../messages.js';
import { newId } from '../new-id.js';
import type { KeyRecord, StoredFile, World } from '../world.js';
import type { AnswerCall } from './call.js';

/** Stores an upload under its key; it expires after 24 h unless a job uses it ("Step 2: Upload a File"). */
export function storeFile(world: World, key: KeyRecord, file: ReceivedFile, now: number): StoredFile {
  world.files += 1;
  const fileId = newId(world, 'file', world.files);
  const stored = {
    ...file,
    fileId,
    uploadedAt: now,
    expiresAt: now + world.settings.fileLifeMs,
    used: false,
  };
  key.files.set(fileId, stored);
  return stored;
}

/** POST /upload ("Step 2: Upload a File"). */
export const uploadFile: AnswerCall = ({ world, key, request, entry, now }) => {
  const { upload } = request;
  if (upload === undefined) {
    const message = 'is required: one part of multipart/form-data, with a file name';
    return validationError([{ field: 'file', message }]);
  }
  const { fileId } = storeFile(world, key, upload, now);
  entry.effect = { type: 'uploaded', fileId, bytes: upload.size };
  return { status: 200, body: { file_id: fileId } };
};
