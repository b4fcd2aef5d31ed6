/** What the API reference leaves open, and how this server chooses to read it. */
export interface Readings {
  /** What a PATCH answers ("returns the updated job"). */
  readonly patchReply: 'job' | 'version' | 'empty';
  /** What stands in the 202 of a confirm. */
  readonly confirmReply: 'nothing' | 'job' | 'version' | 'status' | 'text';
  /** Whether a confirm raises the item version. */
  readonly confirmBumps: boolean;
  /** Whether an old item version is reported before a wrong state, if both apply. */
  readonly conflictFirst: boolean;
  /** Whether `GET /jobs/goal/{id}` shows the open checkpoint. */
  readonly jobShowsCheckpoint: boolean;
  /** Whether slots are shown with the value that they hold. */
  readonly showsValues: boolean;
  /** Which status replies carry the item version. */
  readonly statusVersion: 'always' | 'slot_needed' | 'never';
  /** How many status reads still say `pending` after a confirm, and then `confirming`. */
  readonly pendingReads: number;
  readonly confirmingReads: number;
  /** How many status reads after a confirm still show what was before it, with the version of then. */
  readonly staleReads: number;
  readonly spelling: 'reference' | 'snake' | 'camel';
  readonly wrap?: 'data' | 'job';
  /** Unrequested fields. */
  readonly extras: boolean;
  /** Optional fields are there, and null. */
  readonly nulls: boolean;
  /** Only what cannot be done without: no progress, no step, no preview, no filename, no expiresAt. */
  readonly bare: boolean;
  /** Whether slots that the job asks for before execution stand in the catalog too. */
  readonly catalogShowsSlots: boolean;
  readonly fieldErrors: 'field' | 'slotId' | 'loc' | 'text' | 'map' | 'none';
  readonly shownRateLimits: boolean;
  readonly dateHeader: boolean;
  /** Server clock minus the client's, in ms. */
  readonly skewMs: number;
  readonly resetFormat: ResetFormat;
}

export type ResetFormat = 'seconds' | 'milliseconds' | 'delta' | 'http-date' | 'iso';

export const asWritten: Readings = {
  patchReply: 'job',
  confirmReply: 'nothing',
  confirmBumps: false,
  conflictFirst: false,
  jobShowsCheckpoint: true,
  showsValues: true,
  statusVersion: 'slot_needed',
  pendingReads: 0,
  confirmingReads: 0,
  staleReads: 0,
  spelling: 'reference',
  extras: false,
  nulls: false,
  bare: false,
  catalogShowsSlots: true,
  fieldErrors: 'field',
  shownRateLimits: true,
  dateHeader: true,
  skewMs: 0,
  resetFormat: 'seconds',
};

type Json = unknown;

const snake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (key: string): string =>
  key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Values of slots are the user's own words: their keys are not respelled. */
function respelled(value: Json, spell: (key: string) => string): Json {
  if (Array.isArray(value)) return value.map((entry) => respelled(entry, spell));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [spell(key), respelled(entry, spell)]),
  );
}

const OPTIONAL = ['progress', 'currentStep', 'stepOutputPreview', 'filename', 'expiresAt', 'description'];

function withoutOptional(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutOptional);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !OPTIONAL.includes(key));
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutOptional(entry)]));
}

const NOISE = { links: { self: '/x' }, tags: [1, { a: null }], Ünïcode: '\u202e', meta: null };

function decorated(readings: Readings, body: Json): Json {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return {
    ...(readings.nulls ? Object.fromEntries(OPTIONAL.map((key) => [key, null])) : {}),
    ...body,
    ...(readings.extras ? NOISE : {}),
  };
}

/** A body as this reading of the reference sends it. */
export function dressed(readings: Readings, body: Json): Json {
  if (typeof body !== 'object' || body === null) return body;
  let result: Json = decorated(readings, readings.bare ? withoutOptional(body) : body);
  if (readings.spelling !== 'reference')
    result = respelled(result, readings.spelling === 'snake' ? snake : camel);
  return readings.wrap === undefined ? result : { [readings.wrap]: result };
}

/** A reset at `at` (this machine's clock), as this server writes it. */
export function writtenReset(readings: Readings, at: number, now: number): string {
  const there = at + readings.skewMs;
  switch (readings.resetFormat) {
    case 'seconds':
      return String(Math.ceil(there / 1_000));
    case 'milliseconds':
      return String(there);
    case 'delta':
      return String(Math.max(0, Math.ceil((at - now) / 1_000)));
    case 'http-date':
      return new Date(Math.ceil(there / 1_000) * 1_000).toUTCString();
    case 'iso':
      return new Date(there).toISOString();
  }
}
