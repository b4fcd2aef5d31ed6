import type { EmulatorModel } from '../../../src/adapters/emulator/index.js';
import type { Clock } from '../../../src/engine/binding/clock.js';
import type { SecondAct } from './scenario.js';
import { rightValue } from './slot-values.js';

/** Somebody else with the same key. */
export interface SecondActor {
  /** Indexes of the log's entries that are theirs. */
  readonly theirs: ReadonlySet<number>;
  leave(): void;
}

interface SeenJob {
  readonly itemVersion?: number;
  readonly slots?: readonly { readonly slotId: string; readonly type: 'text' }[];
  readonly checkpoint?: { readonly slots?: readonly { readonly slotId: string; readonly type: 'text' }[] };
}

/** Our client does not receive their replies, so it cannot know what they say about a limit. */
function speaker(model: EmulatorModel, clock: Clock, theirs: Set<number>) {
  return (method: string, path: string, body?: object): SeenJob => {
    theirs.add(model.log.length);
    const headers = { authorization: `Bearer ${model.apiKey}`, 'content-type': 'application/json' };
    const request = {
      method,
      path: `/api/v1${path}`,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    };
    const { reply } = model.exchange('api', request, clock.now());
    try {
      // What a hostile reply is made of does not matter here: whatever is missing is not used.
      return (JSON.parse(reply?.text ?? '') ?? {}) as SeenJob;
    } catch {
      return {};
    }
  };
}

export function letSecondAct(acts: readonly SecondAct[], model: EmulatorModel, clock: Clock): SecondActor {
  const theirs = new Set<number>();
  const say = speaker(model, clock, theirs);
  const act = (does: SecondAct['does']): void => {
    const created = model.log.findLast(({ effect }) => effect?.type === 'created')?.jobSpecId;
    if (created === undefined) return;
    const path = `/jobs/goal/${created}`;
    const job = say('GET', path);
    const asked = job.checkpoint?.slots ?? job.slots ?? [];
    let { itemVersion } = job;
    if (does !== 'confirms') {
      const slots = asked.map((slot) => ({ slotId: slot.slotId, value: rightValue(slot, 3) }));
      itemVersion = say('PATCH', `${path}/slots`, { itemVersion, slots }).itemVersion ?? itemVersion;
    }
    if (does !== 'fills') say('POST', `${path}/confirm`, { itemVersion });
  };
  const cancels = acts.map(({ afterMs, does }) => clock.schedule(clock.now() + afterMs, () => act(does)));
  return {
    theirs,
    leave: () => {
      for (const cancel of cancels) cancel();
    },
  };
}
