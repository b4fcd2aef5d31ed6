import type { EmulatedEndpoint } from '../model/endpoint.js';
import type { BodySummary } from '../model/log.js';
import type { Fault } from './fault.js';

/** A request that faults can match. */
export interface FaultTarget {
  readonly endpoint: EmulatedEndpoint | 'none';
  readonly method: string;
  readonly path: string;
  /** The key's label. */
  readonly key: string;
  readonly body: BodySummary;
  readonly jobSpecId?: string;
  /** The job's current status, which a client may not know yet. */
  readonly status?: string;
  readonly itemVersion?: number;
  /** Epoch ms. */
  readonly now: number;
}

/** Which requests a fault applies to. Omitted conditions match everything. */
export interface FaultRule {
  /** Several faults apply to the same request together. */
  readonly fault: Fault | readonly Fault[];
  readonly on?: EmulatedEndpoint | readonly EmulatedEndpoint[];
  readonly method?: string;
  readonly when?: (target: FaultTarget) => boolean;
  /** Only the nth matching request (from 1), or these. */
  readonly nth?: number | readonly number[];
  /** Maximum number of uses. */
  readonly times?: number;
  /** 0 to 1, evaluated for each request. */
  readonly probability?: number;
}

export interface ActiveRule {
  readonly rule: FaultRule;
  /** How many requests it was applied to. */
  readonly fired: number;
  remove(): void;
}

/** The scripted faults, in order. */
export interface FaultPlan {
  add(rule: FaultRule): ActiveRule;
  clear(): void;
  readonly rules: readonly ActiveRule[];
}

/** @internal The interface for the model. */
export interface FaultSource extends FaultPlan {
  /** Returns the faults for a complete request. */
  take(target: FaultTarget): readonly Fault[];
  /** Returns the faults for a request whose body was not read: rules with an `early-reply`, which apply at no other time. */
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

/** @internal Creates a plan; `random` is used for rules with a probability. */
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
