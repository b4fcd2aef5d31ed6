import type * as z from 'zod';
import { ENDPOINTS, endpointNamed, PORT_ENDPOINTS } from '../model/endpoint-names.js';
import { cannotBefall, methodOf } from './befalls.js';
import type { FaultRule } from './fault-rule.js';
import { FAULT_SCHEMAS } from './fault-schemas.js';

type Fields = Readonly<Record<string, unknown>>;

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'];
const ENDPOINT_NAMES = `${ENDPOINTS.join(', ')}, or a port: ${Object.keys(PORT_ENDPOINTS).join(', ')}`;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 1;

/** A short text for any value. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : `of the type ${typeof value}`;
}

/** The allowed values of a field. */
interface FieldRule {
  readonly allows: (value: unknown) => boolean;
  readonly allowed: string;
  readonly mayBeList?: boolean;
}

const CONDITIONS: Readonly<Record<string, FieldRule>> = {
  on: { allows: (name) => endpointNamed(name) !== undefined, allowed: ENDPOINT_NAMES, mayBeList: true },
  method: {
    allows: (name) => typeof name === 'string' && METHODS.includes(name.toUpperCase()),
    allowed: METHODS.join(', '),
  },
  when: { allows: (value) => typeof value === 'function', allowed: 'a function, which only code can give' },
  nth: { allows: isCount, allowed: 'a whole number from 1 (1 is the first request)', mayBeList: true },
  times: { allows: isCount, allowed: 'a whole number from 1' },
  probability: {
    allows: (value) => typeof value === 'number' && value > 0 && value <= 1,
    allowed: 'a number above 0, and at most 1',
  },
};

const FIELDS = ['fault', ...Object.keys(CONDITIONS)];

function conditionFindings(field: string, value: unknown, rule: FieldRule): readonly string[] {
  const { allows, allowed, mayBeList = false } = rule;
  if (Array.isArray(value) && mayBeList && value.length === 0)
    return [`${field} is an empty list, which no request matches; allowed: ${allowed}`];
  const values: readonly unknown[] = Array.isArray(value) && mayBeList ? value : [value];
  return values.filter((one) => !allows(one)).map((one) => `${field} is ${shown(one)}; allowed: ${allowed}`);
}

const fieldsOf = (schema: z.ZodObject): string => Object.keys(schema.shape).join(', ');

function issueText(place: string, schema: z.ZodObject, issue: z.core.$ZodIssue): string {
  const field = [place, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
    return `${field} has no field ${issue.keys.map(shown).join(', ')}; allowed: ${fieldsOf(schema)}`;
  return `${field}: ${issue.message}`;
}

function faultFindings(place: string, fault: unknown): readonly string[] {
  const kinds = [...FAULT_SCHEMAS.keys()].join(', ');
  if (!isObject(fault)) return [`${place} is ${shown(fault)}; allowed: an object with a kind: ${kinds}`];
  const { kind } = fault;
  const schema = typeof kind === 'string' ? FAULT_SCHEMAS.get(kind) : undefined;
  if (schema === undefined) return [`${place}.kind is ${shown(kind)}; allowed: ${kinds}`];
  const { error } = schema.safeParse(given(fault));
  return error === undefined ? [] : error.issues.map((issue) => issueText(place, schema, issue));
}

function allFaultFindings(fault: unknown): readonly string[] {
  if (!Array.isArray(fault)) return faultFindings('fault', fault);
  if (fault.length === 0) return ['fault is an empty list: nothing would go wrong'];
  return fault.flatMap((one, index) => faultFindings(`fault[${index}]`, one));
}

/** Without undefined fields, which count as omitted. */
const given = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function ruleFindings(rule: unknown): readonly string[] {
  if (!isObject(rule))
    return [`it is ${shown(rule)}; allowed: an object with the fields ${FIELDS.join(', ')}`];
  const { fault, ...conditions } = given(rule);
  return [
    ...allFaultFindings(fault),
    ...Object.entries(conditions).flatMap(([field, value]) => {
      const known = Object.hasOwn(CONDITIONS, field) ? CONDITIONS[field] : undefined;
      return known === undefined
        ? [`there is no field ${shown(field)}; allowed: ${FIELDS.join(', ')}`]
        : conditionFindings(field, value, known);
    }),
  ];
}

function refuse(place: string, findings: readonly string[]): void {
  if (findings.length > 0) throw new TypeError(findings.map((finding) => `${place}: ${finding}`).join('\n'));
}

const isDefined = <Value>(value: Value | undefined): value is Value => value !== undefined;

/** What can never come together, though each field is allowed. */
function togetherFindings({ fault, on, method, nth, times }: FaultRule): readonly string[] {
  const endpoints = [on].flat().map(endpointNamed).filter(isDefined);
  const kinds = [fault].flat().map(({ kind }) => kind);
  const vain = kinds.flatMap((kind) => endpoints.map((endpoint) => cannotBefall(kind, endpoint)));
  const methods = endpoints.map(methodOf);
  const word = method?.toUpperCase();
  const meets = word === undefined || methods.includes(undefined) || methods.includes(word);
  const wanted = new Set([nth].flat()).size;
  return [
    ...vain.filter(isDefined),
    ...(meets || methods.length === 0
      ? []
      : [`method is ${shown(method)}, which on never has; allowed: ${[...new Set(methods)].join(', ')}`]),
    ...(nth !== undefined && times !== undefined && wanted > times
      ? [`nth lists ${wanted} requests, but times allows ${times}; allowed: times ${wanted} or more`]
      : []),
  ];
}

/**
 * Checks a fault rule from code or from a file. A rule that can never apply as written would let a test pass without its fault.
 * @param place the name of the rule in the message: `fault rule 2`
 * @throws TypeError that names the rule, each wrong field and its allowed values
 */
export function checkFaultRule(rule: unknown, place: string): FaultRule {
  const findings = ruleFindings(rule);
  refuse(place, findings);
  // Boundary: each field was looked at just now.
  const checked = rule as FaultRule;
  refuse(place, togetherFindings(checked));
  return checked;
}
