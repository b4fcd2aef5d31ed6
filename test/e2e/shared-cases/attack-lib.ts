import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { layOutZip, memoryEntry } from '../../../src/adapters/emulator/model/stored-zip.js';
import { CASES } from './shared-folder.js';

/** What `lib.mjs` of the attacks hands to a hook. */
export interface Hooked {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly state: AttackState;
  /** Answers with a status and JSON, or a text that is sent as it is. */
  json(status: number, body: unknown): void;
}

export interface AttackState {
  readonly log: readonly { readonly ep: string; readonly body?: string }[];
  jobs: number;
  patches: number;
  confirms: number;
}

/** True where it has answered. */
export type Hook = (hooked: Hooked) => boolean | Promise<boolean>;

export interface AttackServer {
  readonly base: string;
  readonly state: AttackState;
  close(): Promise<void>;
}

interface AttackLib {
  happy(
    hooks: Readonly<Record<string, Hook>>,
    options: Readonly<Record<string, unknown>>,
  ): Promise<AttackServer>;
}

/** A result that is what its name promises. */
export const ZIP = Buffer.concat(
  layOutZip([memoryEntry('result.txt', Buffer.from('the result'))]).map((part) =>
    part.kind === 'bytes' ? part.bytes : new Uint8Array(),
  ),
);

/** A port that was free a moment ago: `lib.mjs` counts its own from a fixed one, which another run may have. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The happy server of `lib.mjs` with hooks, by the words of its endpoints. */
export async function startAttack(
  hooks: Readonly<Record<string, Hook>>,
  options: Readonly<Record<string, unknown>> = {},
): Promise<AttackServer> {
  // Boundary: a script of the cases, with the shape that it is described with above.
  const lib = (await import(/* @vite-ignore */ pathToFileURL(join(CASES, 'b/lib.mjs')).href)) as AttackLib;
  return lib.happy(hooks, { port: await freePort(), result: ZIP, ...options });
}
