import type {
  Checkpoint,
  Job,
  JobEcho,
  SlotDefinition,
  SlotValue,
} from '../../src/services/wire/wire-types.js';

/** An answer of a service that is no refusal, under a short name. */
export interface NamedAnswer {
  readonly name: string;
  readonly value: unknown;
}

/** How much a server may say: only where the job is, or also what its slots hold, and a second checkpoint. */
export interface AnswerScope {
  /** What the slot of the job may be seen to hold. */
  readonly shown: readonly (SlotValue | undefined)[];
  /** Ids of checkpoints; the empty one stands for a `slot_needed` that names none. */
  readonly checkpoints: readonly string[];
  /** Versions that a reading may carry, from what we hold. */
  readonly versions: readonly ('none' | 'older' | 'same' | 'newer')[];
  /** Whether a read of the job may leave out where it is. */
  readonly isTerse?: boolean;
}

/** Far enough from zero that there is always an older version. */
const FIRST_VERSION = 5;

function versionsFrom(
  held: number | undefined,
  scope: AnswerScope,
): (readonly [string, number | undefined])[] {
  return scope.versions.flatMap((word): (readonly [string, number | undefined])[] => {
    if (word === 'none') return [['no version', undefined]];
    if (held === undefined) return word === 'newer' ? [['first version', FIRST_VERSION]] : [];
    return [[`${word} version`, word === 'older' ? held - 1 : word === 'same' ? held : held + 1]];
  });
}

const slot = (value?: SlotValue): SlotDefinition => ({
  slotId: 'a',
  type: 'text',
  required: true,
  ...(value === undefined ? {} : { value }),
});

type Shape = Pick<Job, 'status' | 'slots'> & {
  readonly checkpoint?: Checkpoint;
  readonly name: string;
  readonly statusWord?: string;
};

/** Where the job can be, each word of the reference once; an unknown word is read like `executing`. */
function shapes(scope: AnswerScope, source: 'job' | 'status'): Shape[] {
  const shown = source === 'job' ? scope.shown : [undefined];
  const plain = (['confirming', 'executing', 'unknown', 'completed', 'failed'] as const).map((status) => ({
    name: status,
    status,
    slots: [],
  }));
  const pending = shown.map((value) => ({
    name: `pending ${String(value)}`,
    status: 'pending' as const,
    slots: source === 'job' ? [slot(value)] : [],
  }));
  const bare = { name: 'some checkpoint', status: 'slot_needed' as const, slots: [] };
  const paused = scope.checkpoints
    .filter((checkpointId) => checkpointId !== '')
    .flatMap((checkpointId) =>
      shown.map((value) => ({
        name: `${checkpointId} ${String(value)}`,
        status: 'slot_needed' as const,
        slots: [],
        checkpoint: { checkpointId, slots: [slot(value)] },
      })),
    );
  const terse = { name: 'nothing', status: 'pending' as const, statusWord: '', slots: [] };
  const isTerse = source === 'job' && scope.isTerse === true;
  return [
    ...plain,
    ...pending,
    ...paused,
    ...(scope.checkpoints.includes('') ? [bare] : []),
    ...(isTerse ? [terse] : []),
  ];
}

/** The end of a job is believed whatever its version is. */
const IS_END = new Set(['completed', 'failed']);

export function readings(
  held: number | undefined,
  scope: AnswerScope,
  source: 'job' | 'status',
): NamedAnswer[] {
  return shapes(scope, source).flatMap(({ name, slots, ...shape }) =>
    versionsFrom(held, scope)
      .filter(([word]) => !IS_END.has(name) || word === 'no version' || scope.versions[0] !== 'none')
      .map(([word, itemVersion]) => ({
        name: `${name}, ${word}`,
        value: {
          statusWord: shape.status,
          ...shape,
          ...(source === 'job' ? { jobSpecId: 'j', slots } : {}),
          ...(itemVersion === undefined ? {} : { itemVersion }),
        },
      })),
  );
}

/** A PATCH or a confirm answers with nothing, or with the version that it made. */
export function echoes(held: number | undefined): { readonly name: string; readonly value: JobEcho }[] {
  return [
    { name: 'empty', value: { jobSpecId: 'j' } },
    { name: 'next version', value: { jobSpecId: 'j', itemVersion: (held ?? FIRST_VERSION) + 1 } },
  ];
}

const workflow = {
  specId: 'wf',
  name: '',
  description: '',
  supportedInputFormats: [],
  requiredSlots: [slot()],
};

/** What the services around the job itself answer when they do not refuse. */
export const otherAnswers: Readonly<Record<string, readonly NamedAnswer[]>> = {
  inspectFiles: [{ name: 'one file', value: [{ handle: 'f', name: 'f', bytes: 1 }] }],
  loadCatalog: [
    { name: 'the workflow', value: [workflow] },
    { name: 'empty', value: [] },
  ],
  uploadFiles: [{ name: 'all', value: [{ index: 0, fileId: 'x' }] }],
  getDownload: [{ name: 'url', value: { url: 'u' } }],
  saveResult: [{ name: 'saved', value: { file: 'f', bytes: 1, sha256: 's' } }],
};
