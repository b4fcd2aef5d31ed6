import { assign, setup } from 'xstate';
import type { Move } from './usage-moves.js';
import {
  type Cases,
  confirmed,
  filled,
  isWatched,
  nothingYet,
  only,
  type Truth,
  timePassed,
  toTruth,
} from './usage-truth.js';

type News = Partial<Truth>;
type Learn = (truth: Truth) => News;
type WithTruth = { readonly context: Truth };
type MoveEvent = { readonly type: Move };

const usage = setup({
  types: {
    context: {} as Truth,
    events: {} as MoveEvent,
  },
  actions: { learn: assign((_, news: News) => news) },
});

const same: Learn = () => ({});

/** A move: what it teaches, and where it leads. `forget`: what has done its part by then. */
const move = (cases: Cases, learn: Learn = same, forget: News = {}) =>
  cases.map(([when, target]) => ({
    guard: ({ context }: WithTruth) => when({ ...context, ...learn(context) }),
    target,
    actions: {
      type: 'learn' as const,
      params: ({ context }: WithTruth) => ({ ...learn(context), ...forget }),
    },
  }));

/** So many moves in a run may be no part of a smooth one; where a fault has led already, one more. */
const MOST_WRONGS = 1;
const ONE_MORE = 2;

/** A move that is no part of a smooth run. */
const wrong = (
  cases: Cases,
  learn: Learn = same,
  isPossible: (truth: Truth) => boolean = () => true,
  most = MOST_WRONGS,
) =>
  cases.map(([when, target]) => ({
    guard: ({ context }: WithTruth) =>
      context.wrongs < most && isPossible(context) && when({ ...context, ...learn(context) }),
    target,
    actions: {
      type: 'learn' as const,
      params: ({ context }: WithTruth) => ({ ...learn(context), wrongs: context.wrongs + 1 }),
    },
  }));

const leave = { DETACH: wrong(only('detached')), DEADLINE_PASSES: wrong(only('detached')) };

/** What any call can meet. */
const trouble = (site: string, end: 'failed' | 'detached', most = MOST_WRONGS) => {
  const lifecycle = site.split('/')[0] ?? '';
  const hit = (target: string, learn: Learn = same) => wrong(only(target), learn, undefined, most);
  const interrupted: Learn = () => ({ back: site, found: 'news' as const });
  return {
    ...leave,
    NOT_DELIVERED: hit(`${lifecycle}/backingOff`, interrupted),
    LIMITED: hit(`${lifecycle}/rateLimited`, interrupted),
    LIMITED_FOR_A_DAY: hit('detached'),
    KEY_REFUSED: hit(end),
    // What is refused before there is a job was not started; a job that may live is asked for once more (law 7).
    NOT_HEALING: end === 'failed' ? hit('failed') : hit(`${lifecycle}/backingOff`, interrupted),
  };
};

/** A read whose reply is lost can simply be repeated. */
const readTrouble = (site: string, end: 'failed' | 'detached' = 'detached', most = MOST_WRONGS) => {
  const common = trouble(site, end, most);
  return { ...common, UNAVAILABLE: common.NOT_DELIVERED, REPLY_LOST: common.NOT_DELIVERED };
};

const isPaused = ({ job }: Truth): boolean => job === 'paused';

/** What a read of the job, or of its status, can say besides the truth. */
const says = (most = MOST_WRONGS, isPossible: (truth: Truth) => boolean = () => true) => {
  const closed: Learn = () => ({ isTyped: false, isDisputed: false, hasRead: true });
  const said = (target: string) => wrong(only(target), closed, isPossible, most);
  return {
    SAYS_FAILED: said('failed'),
    SAYS_CONFIRMING: said('confirming/reading'),
    SAYS_EXECUTING: said('executing/reading'),
  };
};

/** A PATCH or a confirm that was refused, or whose reply was lost, sends us to read the job again. */
const guarded = (site: string, acted: Learn) => {
  const lifecycle = site.split('/')[0] ?? '';
  const reRead = only(`${lifecycle}/refreshingVersion`);
  const unchanged: Learn = () => ({ back: site, found: 'unchanged' });
  const invalid: Learn = () => ({
    back: site,
    found: site === 'confirming/sending' ? 'unchanged, though a confirm was invalid' : 'unchanged',
  });
  const taken: Learn = (truth) => ({
    ...confirmed(truth.job === 'pending' ? { ...truth, job: 'filled' } : truth),
  });
  return {
    ...trouble(site, 'detached'),
    REPLY_LOST: wrong(reRead, acted),
    UNAVAILABLE: wrong(reRead, unchanged),
    INVALID: wrong(reRead, invalid),
    TOUCHED: wrong(reRead),
    TAKEN_BY_OTHER: wrong(reRead, taken),
  };
};

const filling = (lifecycle: string) => ({
  on: {
    ...guarded(`${lifecycle}/filling`, filled),
    OK: move(toTruth, filled),
    EMPTY: wrong(only(`${lifecycle}/refreshingVersion`), filled),
    REFUSED: wrong(only(`${lifecycle}/awaitingSlots`), () => ({ isDisputed: true })),
    SET_BY_OTHER: wrong(only(`${lifecycle}/refreshingVersion`), () => ({ isDisputed: true })),
  },
});

const isInvalid = ({ found }: Truth): boolean => found === 'unchanged, though a confirm was invalid';
const watched: News = { found: 'news', back: '', isConfirmed: true, hasRead: true };

/** Where a question is open, a word that says otherwise would be taken for the answer to it. */
const isUnderWay = ({ job }: Truth): boolean => ['starting', 'resuming', 'done'].includes(job);

/** A read of the job that says where it is counts as one of its status. */
const reported: Learn = () => ({ hasRead: true });

/** The state in which the job is read again: where no question is open, it is not for its version. */
const reReadIn = (lifecycle: string): string =>
  `${lifecycle}/${lifecycle === 'executing' ? 'readingAgain' : 'refreshingVersion'}`;

const refreshing = (lifecycle: string) => ({
  on: {
    ...readTrouble(reReadIn(lifecycle), 'detached', ONE_MORE),
    ...says(ONE_MORE, isUnderWay),
    OK: [
      ...move([[({ found }) => found === 'unchanged', `${lifecycle}/backingOff`]]),
      ...move([[isInvalid, 'confirming/reading']], same, watched),
      ...move(toTruth, reported),
    ],
    WITHOUT_CHECKPOINT: wrong(only('slot_needed/reading'), same, isPaused),
  },
});

const refreshingPending = {
  on: {
    ...refreshing('pending').on,
    WITHOUT_STATUS: wrong(
      [
        [({ found }) => found === 'unchanged', 'pending/backingOff'],
        [() => true, 'pending/reading'],
      ],
      same,
      undefined,
      ONE_MORE,
    ),
  },
};

/** The first read comes at once, where nothing says when the last one was. */
const read: Learn = (truth) => ({ ...(truth.hasRead ? timePassed(truth) : {}), hasRead: true });
const readOften: Learn = (truth) => ({ ...timePassed(truth), hasRead: true });

/** Once it is no fault that the job takes its time. */
const isNews = ({ isSeenAtWork, isConfirmed }: Truth): boolean => !isSeenAtWork && isConfirmed;

const isBehind = ({ isConfirmed }: Truth): boolean => isConfirmed;

const reading = (lifecycle: string) => ({
  on: {
    ...readTrouble(`${lifecycle}/reading`),
    ...says(),
    SAYS_EXECUTING: [
      ...move([[isNews, 'executing/reading']], read, { isSeenAtWork: true }),
      ...says().SAYS_EXECUTING,
    ],
    OK: move([[isWatched, `${lifecycle}/reading`], ...toTruth], read, { isSeenAtWork: false }),
    STALE: wrong(only(`${lifecycle}/reading`), read, isBehind),
    LAGS: wrong(only(reReadIn(lifecycle)), readOften, isBehind, ONE_MORE),
  },
});

/** After the pause, back to what it interrupted. */
const backTo = (sites: readonly string[]): Cases => sites.map((site) => [({ back }) => back === site, site]);

const waits = (lifecycle: string, calls: readonly string[], more = {}) => {
  const back = backTo(calls.map((call) => `${lifecycle}/${call}`));
  const rested = { back: '', found: 'news' as const };
  return {
    [`${lifecycle}/rateLimited`]: { on: { ...leave, ...more, TIME_PASSES: move(back, timePassed, rested) } },
    [`${lifecycle}/backingOff`]: {
      on: {
        ...leave,
        ...more,
        TIME_PASSES: move(back, timePassed, rested),
        RETRY: move(back, same, rested),
      },
    },
  };
};

const awaitingSlots = (submit: 'SUBMIT' | 'SUBMIT_TITLES') => ({
  on: { ...leave, [submit]: move(toTruth, () => ({ isTyped: true, isDisputed: false })) },
});

const started =
  (variant: Move, news: News = {}): Learn =>
  () => ({ variant, ...news });
/** A start that is itself what goes wrong, or that differs from another in one place only. */
const troubled: News = { wrongs: MOST_WRONGS };
const toCatalog = only('preparing/validating');
const attached = (variant: Move, job: Truth['job'], news: News = {}) =>
  move(only('preparing/attaching'), started(variant, { job, ...news }));

/** How a job was started matters only as long as something is still to be decided by it. */
const ofLaterUse = (variant: string): string => (/PERSON|MANUAL|LINK/.test(variant) ? variant : '');

/** Whether the server may have acted on a create decides less than what the host wants done about it. */
const lostCreate: Cases = [
  [({ variant }) => variant === 'START_REPEATING', 'preparing/backingOff'],
  [({ variant }) => variant === 'START_FAILING', 'detached'],
  [() => true, 'preparing/outcomeUnknown'],
];

const starting = {
  on: {
    START: move(toCatalog, started('START', { isTyped: true })),
    START_UNPREPARED: move(toCatalog, started('START_UNPREPARED')),
    START_WITHOUT_PERSON: move(toCatalog, started('START_WITHOUT_PERSON', troubled)),
    START_WITH_MANUAL_CONFIRM: move(
      toCatalog,
      started('START_WITH_MANUAL_CONFIRM', { isTyped: true, ...troubled }),
    ),
    START_REPEATING: move(toCatalog, started('START_REPEATING', { isTyped: true })),
    START_FAILING: move(toCatalog, started('START_FAILING', { isTyped: true })),
    START_WITH_WRONG_FILE: move(only('failed')),
    START_WITH_WRONG_WORKFLOW: move(toCatalog, started('START_WITH_WRONG_WORKFLOW', troubled)),
    ATTACH_TO_PENDING: attached('ATTACH_TO_PENDING', 'pending'),
    ATTACH_TO_PAUSED: attached('ATTACH_TO_PAUSED', 'paused'),
    ATTACH_TO_PAUSED_WITHOUT_PERSON: attached('ATTACH_TO_PAUSED_WITHOUT_PERSON', 'paused', troubled),
    ATTACH_TO_DONE: attached('ATTACH_TO_DONE', 'done'),
    ATTACH_FOR_LINK: attached('ATTACH_FOR_LINK', 'done', troubled),
  },
};

const preparing = {
  'preparing/validating': {
    on: {
      ...readTrouble('preparing/validating', 'failed'),
      OK: move([
        [({ variant }) => variant === 'START_WITHOUT_PERSON', 'detached'],
        [({ variant }) => variant === 'START_WITH_WRONG_WORKFLOW', 'failed'],
        [() => true, 'preparing/uploading'],
      ]),
    },
  },
  'preparing/uploading': {
    on: { ...readTrouble('preparing/uploading', 'failed'), OK: move(only('preparing/creating')) },
  },
  'preparing/creating': {
    on: {
      ...trouble('preparing/creating', 'failed'),
      OK: move(toTruth, ({ variant }) => ({ job: 'pending', variant: ofLaterUse(variant), hasRead: true })),
      REPLY_LOST: wrong(lostCreate, () => ({ job: 'pending', back: 'preparing/creating' })),
      UNAVAILABLE: wrong(lostCreate, () => ({ back: 'preparing/creating' })),
      FILES_EXPIRED: wrong(only('preparing/uploading')),
    },
  },
  'preparing/outcomeUnknown': {
    on: {
      ...leave,
      RETRY: move(only('preparing/creating'), () => ({ job: 'none' })),
      ADOPT: move([[({ job }) => job === 'pending', 'preparing/attaching']]),
    },
  },
  'preparing/attaching': {
    on: {
      ...readTrouble('preparing/attaching'),
      ...says(),
      OK: move(toTruth, ({ variant }) => ({ variant: ofLaterUse(variant), hasRead: true })),
      WITHOUT_CHECKPOINT: wrong(only('slot_needed/reading'), same, isPaused),
      WITHOUT_STATUS: wrong(only('executing/reading')),
    },
  },
  ...waits('preparing', ['validating', 'uploading', 'creating', 'attaching']),
};

const confirmedByUs: Learn = (truth) => ({ ...confirmed(truth), hasRead: true });

const inBetween = {
  'pending/awaitingSlots': awaitingSlots('SUBMIT'),
  'pending/filling': filling('pending'),
  'pending/refreshingVersion': refreshingPending,
  'pending/reading': {
    on: { ...readTrouble('pending/reading'), ...says(), OK: move(toTruth, read) },
  },
  'pending/awaitingConfirm': {
    on: {
      DETACH: wrong(only('detached'), same, undefined, ONE_MORE),
      CONFIRM: move(only('confirming/sending'), () => ({ isAllowed: true, variant: '' })),
    },
  },
  ...waits('pending', ['filling', 'refreshingVersion', 'reading']),
  'confirming/sending': {
    on: {
      ...guarded('confirming/sending', confirmed),
      OK: move(only('confirming/reading'), confirmedByUs),
      EMPTY: wrong(only('confirming/reading'), confirmedByUs),
      REFUSED: wrong(
        [
          [({ job }) => job === 'answered', 'slot_needed/awaitingSlots'],
          [() => true, 'pending/awaitingSlots'],
        ],
        () => ({ isDisputed: true }),
      ),
    },
  },
  'confirming/refreshingVersion': refreshing('confirming'),
  'confirming/reading': reading('confirming'),
  ...waits('confirming', ['sending', 'refreshingVersion', 'reading']),
  'executing/reading': reading('executing'),
  'executing/readingAgain': refreshing('executing'),
  ...waits('executing', ['reading', 'readingAgain']),
  'slot_needed/awaitingSlots': awaitingSlots('SUBMIT_TITLES'),
  'slot_needed/filling': filling('slot_needed'),
  'slot_needed/refreshingVersion': refreshing('slot_needed'),
  'slot_needed/reading': reading('slot_needed'),
  ...waits('slot_needed', ['filling', 'refreshingVersion', 'reading']),
};

const again = { REFRESH_DOWNLOAD: wrong(only('downloading/locating')) };
const savingTrouble = trouble('downloading/saving', 'detached');

const downloading = {
  'downloading/locating': {
    on: {
      ...readTrouble('downloading/locating'),
      ...again,
      OK: move([
        [({ variant }) => variant === 'ATTACH_FOR_LINK', 'completed'],
        [() => true, 'downloading/saving'],
      ]),
    },
  },
  'downloading/saving': {
    on: {
      ...leave,
      ...again,
      OK: move(only('completed')),
      NOT_DELIVERED: savingTrouble.NOT_DELIVERED,
      UNAVAILABLE: savingTrouble.NOT_DELIVERED,
      BODY_CUT: savingTrouble.NOT_DELIVERED,
      NOT_HEALING: savingTrouble.NOT_HEALING,
      URL_REFUSED: wrong(only('downloading/backingOff'), () => ({ back: 'downloading/locating' })),
    },
  },
  ...waits('downloading', ['locating', 'saving'], again),
};

/**
 * What a host and a server can do to a job, without invokes and without clocks: the states are the places
 * where a real job stands still, the events are what is done to it there.
 */
export const usageMachine = usage.createMachine({
  id: 'usage',
  context: nothingYet,
  initial: 'nothing',
  states: {
    nothing: starting,
    ...preparing,
    ...inBetween,
    ...downloading,
    completed: { type: 'final' },
    failed: { type: 'final' },
    detached: { type: 'final' },
  },
});
