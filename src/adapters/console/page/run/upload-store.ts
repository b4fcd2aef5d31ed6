import { CONSOLE_HEADER } from '../../wire/events.js';
import { call } from '../live/api.js';
import { readDraft, writeDraft } from '../live/drafts.js';
import { freshId } from '../live/fresh-id.js';

export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly sent: number;
  readonly state: 'waiting' | 'sending' | 'done' | 'failed';
  readonly error?: string;
}

/** Browsers allow six connections to one address; the stream and other requests need some of them. */
const AT_ONCE = 2;

let uploads: readonly Upload[] = [];
const files = new Map<string, File>();
const running = new Map<string, XMLHttpRequest>();
const listeners = new Set<() => void>();

const KEY = 'uploads';

/** Ids of the uploads of this tab, not of others. */
const ownIds = (): readonly string[] => Object.keys(readDraft(KEY));

function set(next: readonly Upload[]): void {
  uploads = next;
  writeDraft(KEY, Object.fromEntries(next.map(({ id, name }) => [id, name])));
  for (const listener of [...listeners]) listener();
}
const change = (id: string, patch: Partial<Upload>): void =>
  set(uploads.map((upload) => (upload.id === id ? { ...upload, ...patch } : upload)));

function messageOf({ status, responseText }: XMLHttpRequest): string {
  try {
    const { message }: { message?: unknown } = JSON.parse(responseText);
    if (typeof message === 'string') return message;
  } catch {}
  return status === 0 ? 'The connection was lost.' : `Not accepted (${status}).`;
}

function send(id: string, file: File): void {
  const request = new XMLHttpRequest();
  running.set(id, request);
  change(id, { state: 'sending', sent: 0 });
  request.open('PUT', `/api/uploads/${id}`);
  request.setRequestHeader('Content-Type', 'application/octet-stream');
  request.setRequestHeader(CONSOLE_HEADER, '1');
  request.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
  request.upload.addEventListener('progress', ({ loaded }) => change(id, { sent: loaded }));
  request.addEventListener('loadend', () => {
    running.delete(id);
    // The upload was removed from the list.
    if (!uploads.some((upload) => upload.id === id)) return;
    if (request.status === 201) change(id, { state: 'done', sent: file.size });
    else change(id, { state: 'failed', error: messageOf(request) });
    sendNext();
  });
  request.send(file);
}

function sendNext(): void {
  for (const { id, state } of uploads) {
    if (running.size >= AT_ONCE) return;
    const file = files.get(id);
    if (state === 'waiting' && file !== undefined) send(id, file);
  }
}

/** Uploads from this page to goal-lane on this computer; they survive changes of the view. */
export const uploadStore = {
  get: (): readonly Upload[] => uploads,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  add(chosen: readonly File[]): void {
    const added = chosen.map((file) => {
      const id = freshId();
      files.set(id, file);
      return { id, name: file.name, bytes: file.size, sent: 0, state: 'waiting' as const };
    });
    set([...uploads, ...added]);
    sendNext();
  },
  retry(id: string): void {
    const file = files.get(id);
    if (file === undefined) return;
    // The server has already deleted the partial file, and an id is used only once.
    const next = freshId();
    files.delete(id);
    files.set(next, file);
    set(
      uploads.map((upload) =>
        upload.id === id
          ? { id: next, name: file.name, bytes: file.size, sent: 0, state: 'waiting' }
          : upload,
      ),
    );
    sendNext();
  },
  remove(id: string): void {
    const request = running.get(id);
    set(uploads.filter((upload) => upload.id !== id));
    files.delete(id);
    running.delete(id);
    request?.abort();
    void call('DELETE', `/api/uploads/${id}`).catch(() => undefined);
    sendNext();
  },
  /** After a reload: restores this tab's uploads that the server has. */
  restoreOwn(held: readonly Pick<Upload, 'id' | 'name' | 'bytes'>[]): void {
    const own = new Set(ownIds());
    uploadStore.restore(held.filter(({ id }) => own.has(id)));
  },
  /** Restores complete files of a job that is run again. */
  restore(held: readonly Pick<Upload, 'id' | 'name' | 'bytes'>[]): void {
    const known = new Set(uploads.map(({ id }) => id));
    const back = held
      .filter(({ id }) => !known.has(id))
      .map(({ id, name, bytes }) => ({ id, name, bytes, sent: bytes, state: 'done' as const }));
    if (back.length > 0) set([...uploads, ...back]);
  },
  /** Called when a job has taken them over. */
  clear(): void {
    files.clear();
    set([]);
  },
};
