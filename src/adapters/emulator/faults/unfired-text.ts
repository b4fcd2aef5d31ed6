import type { FaultRule } from './fault-rule.js';

/** What became of a rule. */
interface Course {
  readonly rule: FaultRule;
  readonly matched: number;
  /** How many requests it was applied to; `fired`: how many it changed. */
  readonly used: number;
  readonly fired: number;
}

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

function whyNot({ rule, matched, used, fired }: Course): string {
  const seen = matched === 0 ? 'no request matched' : `${requests(matched)} matched`;
  const applied = used === 0 ? seen : `${seen}, and it was applied to ${used} of ${leastFired(rule)}`;
  return used === fired ? applied : `${applied}, but had no effect on ${used - fired} of them`;
}

/** @internal Lists each rule that was not applied, and why; undefined if all were. */
export function unfiredText(rules: readonly Course[]): string | undefined {
  const lines = rules.flatMap((active, index) =>
    active.fired >= leastFired(active.rule)
      ? []
      : [`  rule ${index + 1}: ${ruleText(active.rule)}: ${whyNot(active)}`],
  );
  if (lines.length === 0) return undefined;
  return `${lines.length} of ${rules.length} fault rules did not fire:\n${lines.join('\n')}`;
}
