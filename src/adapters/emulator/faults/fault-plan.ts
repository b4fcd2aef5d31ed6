import type { EmulatedEndpoint } from '../model/endpoint.js';
import { endpointNamed } from '../model/endpoint-names.js';
import { checkFaultRule } from './check-fault-rule.js';
import type { Fault } from './fault.js';
import type { ActiveRule, FaultRule, FaultTarget } from './fault-rule.js';
import { unfiredText } from './unfired-text.js';

/** The scripted faults, in order. */
export interface FaultPlan {
  /** @throws TypeError for a rule that cannot apply as written; the message names the rule, the field and the allowed values */
  add(rule: FaultRule): ActiveRule;
  clear(): void;
  readonly rules: readonly ActiveRule[];
  /**
   * Checks at the end of a test that each rule changed a request, its reply or its job as described (each fault of the rule, on the same
   * request), and a rule with a list as `nth` each of them. Without this check, a test can pass without its fault.
   * @throws Error that names each rule that was not
   */
  assertAllFired(): void;
}

/** @internal The faults for one request. */
export interface TakenFaults {
  readonly faults: readonly Fault[];
  /** Call it with the faults that had an effect. */
  changed(effective: ReadonlySet<Fault>): void;
}

/** @internal The interface for the model. */
export interface FaultSource extends FaultPlan {
  /** Returns the faults for a complete request. */
  take(target: FaultTarget): TakenFaults;
  /** Returns the faults for a request whose body was not read: rules with an `early-reply`, which apply at no other time. */
  takeEarly(target: FaultTarget): TakenFaults;
}

interface RuleState {
  readonly rule: FaultRule;
  /** The endpoints that the rule names. */
  readonly on: readonly (EmulatedEndpoint | undefined)[] | undefined;
  /** Copies of its faults: two rules may share one. */
  readonly faults: readonly Fault[];
  matched: number;
  /** How many requests it was applied to; `fired` counts those that it changed. */
  used: number;
  fired: number;
}

const includes = <Item>(wanted: Item | readonly Item[] | undefined, item: unknown): boolean =>
  wanted === undefined || (Array.isArray(wanted) ? wanted.includes(item) : wanted === item);

const matches = ({ on, rule: { method, when } }: RuleState, target: FaultTarget): boolean =>
  includes(on, target.endpoint) &&
  (method === undefined || method.toUpperCase() === target.method.toUpperCase()) &&
  (when === undefined || when(target));

function fires(state: RuleState, target: FaultTarget, random: () => number): boolean {
  const { rule } = state;
  if (!matches(state, target)) return false;
  state.matched += 1;
  const { nth, times, probability } = rule;
  const isDue = includes(nth, state.matched) && state.used < (times ?? Number.POSITIVE_INFINITY);
  if (!isDue || (probability !== undefined && random() >= probability)) return false;
  state.used += 1;
  return true;
}

const isEarly = ({ fault }: FaultRule): boolean => [fault].flat().some(({ kind }) => kind === 'early-reply');

function stateOf(rule: FaultRule, place: string): RuleState {
  checkFaultRule(rule, place);
  const on = rule.on === undefined ? undefined : [rule.on].flat().map(endpointNamed);
  const faults = [rule.fault].flat().map((fault) => ({ ...fault }));
  return { rule, on, faults, matched: 0, used: 0, fired: 0 };
}

/** A rule as the test sees it. */
const activeRule = (state: RuleState, remove: () => void): ActiveRule => ({
  rule: state.rule,
  get matched() {
    return state.matched;
  },
  get fired() {
    return state.fired;
  },
  remove,
});

const takenFrom = (states: readonly RuleState[]): TakenFaults => ({
  faults: states.flatMap(({ faults }) => faults),
  changed(effective) {
    for (const state of states) if (state.faults.every((fault) => effective.has(fault))) state.fired += 1;
  },
});

/** @internal Creates a plan; `random` is used for rules with a probability. @throws TypeError for a rule that cannot apply as written */
export function createFaultPlan(rules: readonly FaultRule[], random: () => number): FaultSource {
  if (!Array.isArray(rules)) throw new TypeError('faults: expected an array of fault rules');
  let states: { readonly state: RuleState; readonly active: ActiveRule }[] = [];
  let added = 0;
  const add = (rule: FaultRule): ActiveRule => {
    added += 1;
    const state = stateOf(rule, `fault rule ${added}`);
    const active = activeRule(state, () => {
      states = states.filter((other) => other.state !== state);
    });
    states.push({ state, active });
    return active;
  };
  for (const rule of rules) add(rule);
  const takeOf = (early: boolean, target: FaultTarget): TakenFaults =>
    takenFrom(
      states
        .map(({ state }) => state)
        .filter((state) => isEarly(state.rule) === early && fires(state, target, random)),
    );
  return {
    add,
    clear() {
      states = [];
    },
    get rules() {
      return states.map(({ active }) => active);
    },
    assertAllFired() {
      const unfired = unfiredText(states.map(({ state }) => state));
      if (unfired !== undefined) throw new Error(unfired);
    },
    take: (target) => takeOf(false, target),
    takeEarly: (target) => takeOf(true, target),
  };
}
