import type { EmulatedEndpoint } from '../model/endpoint.js';
import type { BodySummary } from '../model/log.js';
import type { Fault } from './fault.js';

/** A request that faults can be aimed at. */
export interface FaultTarget {
  readonly endpoint: EmulatedEndpoint | 'none';
  readonly method: string;
  readonly path: string;
  /** The key's label. */
  readonly key: string;
  readonly body: BodySummary;
  readonly jobSpecId?: string;
  /** The job's status as it is, which a client may not know yet. */
  readonly status?: string;
  readonly itemVersion?: number;
  /** Epoch ms. */
  readonly now: number;
}

/** Which requests a fault befalls. What is left out does not matter; a rule without any condition befalls all. */
export interface FaultRule {
  /** Several befall the same request together. */
  readonly fault: Fault | readonly Fault[];
  readonly on?: EmulatedEndpoint | readonly EmulatedEndpoint[];
  readonly method?: string;
  readonly when?: (target: FaultTarget) => boolean;
  /** Of the requests that match so far, only the nth (from 1), or these. */
  readonly nth?: number | readonly number[];
  /** At most so many times. */
  readonly times?: number;
  /** 0 to 1, drawn for each request. */
  readonly probability?: number;
}

export interface ActiveRule {
  readonly rule: FaultRule;
  /** How many requests it has befallen. */
  readonly fired: number;
  remove(): void;
}

/** The faults that are scripted, in the order in which they were. */
export interface FaultPlan {
  add(rule: FaultRule): ActiveRule;
  clear(): void;
  readonly rules: readonly ActiveRule[];
}

/** @internal The face that the model sees. */
export interface FaultSource extends FaultPlan {
  /** What befalls a request that has arrived. */
  take(target: FaultTarget): readonly Fault[];
  /** What befalls a request whose body has not been read: the rules with an `early-reply`, which no other moment knows. */
  takeEarly(target: FaultTarget): readonly Fault[];
}

interface RuleState {
  readonly rule: FaultRule;
  matched: number;
  fired: number;
}

const includes = <Item>(wanted: Item | readonly Item[] | undefined, item: unknown): boolean =>
  wanted === undefined || (Array.isArray(wanted) ? wanted.includes(item) : wanted === item);

const matches = ({ on, method, when }: FaultRule, target: FaultTarget): boolean =>
  includes(on, target.endpoint) &&
  (method === undefined || method.toUpperCase() === target.method.toUpperCase()) &&
  (when === undefined || when(target));

function fires(state: RuleState, target: FaultTarget, random: () => number): boolean {
  const { rule } = state;
  if (!matches(rule, target)) return false;
  state.matched += 1;
  const { nth, times, probability } = rule;
  const isDue = includes(nth, state.matched) && state.fired < (times ?? Number.POSITIVE_INFINITY);
  if (!isDue || (probability !== undefined && random() >= probability)) return false;
  state.fired += 1;
  return true;
}

const isEarly = ({ fault }: FaultRule): boolean => [fault].flat().some(({ kind }) => kind === 'early-reply');

/** @internal A plan; `random` draws where a rule has a probability. */
export function createFaultPlan(rules: readonly FaultRule[], random: () => number): FaultSource {
  let states: { readonly state: RuleState; readonly active: ActiveRule }[] = [];
  const add = (rule: FaultRule): ActiveRule => {
    const state: RuleState = { rule, matched: 0, fired: 0 };
    const active: ActiveRule = {
      rule,
      get fired() {
        return state.fired;
      },
      remove() {
        states = states.filter((other) => other.state !== state);
      },
    };
    states.push({ state, active });
    return active;
  };
  for (const rule of rules) add(rule);
  const takeOf = (early: boolean, target: FaultTarget): readonly Fault[] =>
    states
      .filter(({ state }) => isEarly(state.rule) === early)
      .flatMap(({ state }) => (fires(state, target, random) ? [state.rule.fault].flat() : []));
  return {
    add,
    clear() {
      states = [];
    },
    get rules() {
      return states.map(({ active }) => active);
    },
    take: (target) => takeOf(false, target),
    takeEarly: (target) => takeOf(true, target),
  };
}
