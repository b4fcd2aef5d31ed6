import type { Fault } from '../../src/adapters/emulator/index.js';
import type { JobInput } from '../../src/machines/index.js';
import type { Site } from './usage-site.js';

const HALF_MINUTE = 30_000;
const DAY = 24 * 3_600_000;
const says = (word: string): readonly Fault[] => [{ kind: 'unknown-status', word }];

/** What a server, and the network before it, can do to a request. */
export const SERVER = {
  OK: [],
  EMPTY: [{ kind: 'empty-body' }],
  REPLY_LOST: [{ kind: 'reset', when: 'after' }],
  NOT_DELIVERED: [{ kind: 'connection-refused' }],
  UNAVAILABLE: [{ kind: 'http-error', status: 503 }],
  LIMITED: [{ kind: 'rate-limited', resetInMs: HALF_MINUTE }],
  LIMITED_FOR_A_DAY: [{ kind: 'rate-limited', resetInMs: DAY }],
  KEY_REFUSED: [{ kind: 'http-error', status: 401, body: 'json' }],
  NOT_HEALING: [{ kind: 'http-error', status: 413, body: 'json' }],
  INVALID: [{ kind: 'http-error', status: 400, body: 'json' }],
  REFUSED: [{ kind: 'http-error', status: 422, body: 'json' }],
  TOUCHED: [{ kind: 'version-conflict' }],
  SET_BY_OTHER: [{ kind: 'second-actor', does: 'sets-slots' }],
  TAKEN_BY_OTHER: [{ kind: 'second-actor', does: 'answers-and-confirms' }],
  STALE: says('pending'),
  SAYS_CONFIRMING: says('confirming'),
  SAYS_EXECUTING: says('executing'),
  SAYS_FAILED: says('failed'),
  WITHOUT_CHECKPOINT: [{ kind: 'missing-fields', fields: ['checkpoint'] }],
  WITHOUT_STATUS: [{ kind: 'missing-fields', fields: ['status'] }],
  FILES_EXPIRED: [{ kind: 'file-expired' }],
  URL_REFUSED: [{ kind: 'expired-url' }],
  BODY_CUT: [{ kind: 'cut-body' }],
} as const satisfies Readonly<Record<string, readonly Fault[]>>;

const newJob: JobInput = { workflowId: 'wf', files: ['a.txt'] };
const prepared: JobInput = { ...newJob, slots: { tone: 'warm' } };

/** How a host can start a job; the reference's job before us where we attach. */
export const STARTS = {
  START: prepared,
  START_UNPREPARED: newJob,
  START_WITHOUT_PERSON: { ...newJob, missingSlots: 'fail' },
  START_WITH_MANUAL_CONFIRM: { ...prepared, confirm: 'manual' },
  START_REPEATING: { ...prepared, onUnknownOutcome: 'retry' },
  START_FAILING: { ...prepared, onUnknownOutcome: 'fail' },
  START_WITH_WRONG_FILE: { ...prepared, files: ['b.txt'] },
  START_WITH_WRONG_WORKFLOW: { ...prepared, workflowId: 'none' },
} as const satisfies Readonly<Record<string, JobInput>>;

/** How far the job had come by others' doing when we attach. */
export const ATTACHES = {
  ATTACH_TO_PENDING: 'pending',
  ATTACH_TO_PAUSED: 'paused',
  ATTACH_TO_PAUSED_WITHOUT_PERSON: 'paused',
  ATTACH_TO_DONE: 'done',
  ATTACH_FOR_LINK: 'done',
} as const;

const COMMANDS = {
  RETRY: { type: 'RETRY' },
  CONFIRM: { type: 'CONFIRM' },
  DETACH: { type: 'DETACH' },
  REFRESH_DOWNLOAD: { type: 'REFRESH_DOWNLOAD' },
  SUBMIT: { type: 'SUBMIT_SLOTS', slots: { tone: 'warm' } },
  SUBMIT_TITLES: { type: 'SUBMIT_SLOTS', slots: { titles: 'Engineer' } },
} as const;

type ServerMove = keyof typeof SERVER;
type StartMove = keyof typeof STARTS;
type AttachMove = keyof typeof ATTACHES;
export type Move =
  | ServerMove
  | StartMove
  | AttachMove
  | keyof typeof COMMANDS
  | 'ADOPT'
  | 'LAGS'
  | 'TIME_PASSES'
  | 'DEADLINE_PASSES';

const isIn = <Key extends string>(table: Readonly<Record<Key, unknown>>, move: string): move is Key =>
  Object.hasOwn(table, move);

const idIn = (body: unknown): string => {
  const id = typeof body === 'object' && body !== null ? Reflect.get(body, 'jobSpecId') : undefined;
  if (typeof id !== 'string') throw new Error('the emulator made no job');
  return id;
};

async function attach(site: Site, move: AttachMove): Promise<void> {
  const fileId = site.model.registerUpload(
    { name: 'a.txt', bytes: Buffer.from('hello') },
    Date.UTC(2026, 2, 30, 11),
  );
  const jobSpecId = idIn(site.call('POST', '/jobs/goal', { workflowId: 'wf', fileIds: [fileId] }));
  const go = (slotId: string, version: number): void => {
    site.call('PATCH', `/jobs/goal/${jobSpecId}/slots`, {
      itemVersion: version,
      slots: [{ slotId, value: 'x' }],
    });
    site.call('POST', `/jobs/goal/${jobSpecId}/confirm`, { itemVersion: version + 1 });
  };
  if (ATTACHES[move] !== 'pending') go('tone', 1);
  await site.later();
  if (ATTACHES[move] === 'done') go('titles', 3);
  await site.later();
  const own = move === 'ATTACH_FOR_LINK' ? { delivery: 'link' as const } : {};
  const nobody = move === 'ATTACH_TO_PAUSED_WITHOUT_PERSON' ? { missingSlots: 'fail' as const } : {};
  await site.start({ jobSpecId, ...own, ...nobody });
}

/** A status that keeps lagging: five reads in a row are doubted. */
const LAGGING_READS = 5;

/** Makes a move of the usage model in the real world. Throws on an unknown move, so that none is skipped silently. */
export async function make(move: string, site: Site): Promise<void> {
  if (isIn(SERVER, move)) await site.reply(SERVER[move]);
  else if (isIn(STARTS, move)) await site.start(STARTS[move]);
  else if (isIn(ATTACHES, move)) await attach(site, move);
  else if (isIn(COMMANDS, move)) await site.send(COMMANDS[move]);
  else if (move === 'ADOPT') {
    const created = site.model.log.find(({ effect }) => effect?.type === 'created');
    await site.send({ type: 'ADOPT', jobSpecId: created?.jobSpecId ?? '' });
  } else if (move === 'LAGS') {
    // An older state that was shown before counts too: so many in a row at most, until the job is doubted and read again.
    for (let read = 0; read < LAGGING_READS && !/refreshingVersion|readingAgain/.test(site.path()); read += 1)
      await site.reply(SERVER.STALE);
  } else if (move === 'TIME_PASSES') await site.pass();
  else if (move === 'DEADLINE_PASSES') await site.passDeadline();
  else throw new Error(`no executor for ${move}`);
}
