import type { ActiveRule, FaultRule } from './fault-rule.js';

const listed = (items: unknown): string => [items].flat().join(', ');

/** A short description of a rule. */
function ruleText({ fault, on, method, when, nth, times, probability }: FaultRule): string {
  const conditions = [
    on === undefined ? 'on any request' : `on ${listed(on)}`,
    ...(method === undefined ? [] : [`method ${method}`]),
    ...(when === undefined ? [] : ['when a function says so']),
    ...(nth === undefined ? [] : [`nth ${listed(nth)}`]),
    ...(times === undefined ? [] : [`times ${times}`]),
    ...(probability === undefined ? [] : [`probability ${probability}`]),
  ];
  return `${[fault]
    .flat()
    .map(({ kind }) => kind)
    .join(' + ')} ${conditions.join(', ')}`;
}

/** How many requests a rule must have been applied to. */
const leastFired = ({ nth }: FaultRule): number => new Set([nth].flat()).size;

const requests = (count: number): string => (count === 1 ? '1 request' : `${count} requests`);

function whyNot({ rule, matched, fired }: ActiveRule): string {
  const seen = matched === 0 ? 'no request matched' : `${requests(matched)} matched`;
  return fired === 0 ? seen : `${seen}, and it was applied to ${fired} of ${leastFired(rule)}`;
}

/** @internal Lists each rule that was not applied, and why; undefined if all were. */
export function unfiredText(rules: readonly ActiveRule[]): string | undefined {
  const lines = rules.flatMap((active, index) =>
    active.fired >= leastFired(active.rule)
      ? []
      : [`  rule ${index + 1}: ${ruleText(active.rule)}: ${whyNot(active)}`],
  );
  if (lines.length === 0) return undefined;
  return `${lines.length} of ${rules.length} fault rules did not fire:\n${lines.join('\n')}`;
}
