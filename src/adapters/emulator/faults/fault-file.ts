import { checkFaultRule } from './check-fault-rule.js';
import type { FaultRule } from './fault-rule.js';

/**
 * Fault rules as JSON: a list of {@link FaultRule}s, without the features that need code (`when`, `changed-body`).
 * @throws TypeError that names the rule, the field and the allowed values
 */
export function parseFaultRules(text: string): readonly FaultRule[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TypeError('is not JSON');
  }
  if (!Array.isArray(json)) throw new TypeError('expected an array of fault rules');
  return json.map((rule, index) => checkFaultRule(rule, `fault rule ${index + 1}`));
}
