import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { SentAnswer } from '../wire/row.js';

/** The newest answers that were sent through this server: a page whose question was answered elsewhere shows them. */
export interface AnswerBook {
  readonly get: (jobId: string, question: string) => SentAnswer | undefined;
  /** Resolves when it is stored, or cannot be: it never delays an answer for long, and never rejects. */
  readonly note: (jobId: string, question: string, answer: SentAnswer) => Promise<void>;
  readonly forget: (jobId: string) => Promise<void>;
}

export interface AnswerBookOptions {
  /** The file is in it, with mode 0600. */
  readonly directory: string;
  /** Applied to the answers before they are stored. */
  readonly redact?: ((answer: SentAnswer) => SentAnswer) | undefined;
}

const NAME = 'goal-lane-answers.json';
const MAX_ANSWERS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const stored = z.array(
  z.tuple([
    z.string(),
    z.string(),
    z.object({ at: z.number(), slots: z.record(z.string(), z.union([scalar, z.array(scalar)])) }),
  ]),
);

/** The answers of an earlier process; none if the file cannot be read. A link is not followed. */
async function readBefore(path: string): Promise<z.output<typeof stored>> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (file === undefined) return [];
  try {
    const { size } = await file.stat();
    return size > MAX_BYTES ? [] : stored.parse(JSON.parse(await file.readFile('utf8')));
  } catch {
    return [];
  } finally {
    await file.close();
  }
}

async function write(path: string, text: string): Promise<void> {
  const part = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const file = await open(part, 'wx', 0o600);
    await file.writeFile(text).finally(() => file.close());
    await rename(part, path);
  } catch {
    await rm(part, { force: true }).catch(() => undefined);
  }
}

const keyOf = (jobId: string, question: string): string => JSON.stringify([jobId, question]);

/** Kept in a file too: the window that asks may come back after a restart of the server. */
export async function openAnswerBook({ directory, redact }: AnswerBookOptions): Promise<AnswerBook> {
  const path = join(directory, NAME);
  const answers = new Map<string, readonly [jobId: string, question: string, answer: SentAnswer]>();
  for (const entry of await readBefore(path)) answers.set(keyOf(entry[0], entry[1]), entry);
  let writing: Promise<void> = Promise.resolve();
  let isDue = false;

  /** Several answers in a short time are written once. */
  const save = (): Promise<void> => {
    if (isDue) return writing;
    isDue = true;
    writing = writing.then(async () => {
      isDue = false;
      const kept = [...answers.values()].map(
        ([jobId, question, answer]) => [jobId, question, redact?.(answer) ?? answer] as const,
      );
      let text = JSON.stringify(kept);
      while (text.length > MAX_BYTES / 2 && kept.length > 0) {
        kept.splice(0, Math.ceil(kept.length / 2));
        text = JSON.stringify(kept);
      }
      await write(path, text);
    });
    return writing;
  };

  return {
    get: (jobId, question) => answers.get(keyOf(jobId, question))?.[2],
    note(jobId, question, answer) {
      const key = keyOf(jobId, question);
      answers.delete(key);
      answers.set(key, [jobId, question, answer]);
      if (answers.size > MAX_ANSWERS) answers.delete(answers.keys().next().value ?? '');
      return save();
    },
    async forget(jobId) {
      const gone = [...answers].filter(([, [owner]]) => owner === jobId);
      for (const [key] of gone) answers.delete(key);
      if (gone.length > 0) await save();
    },
  };
}
