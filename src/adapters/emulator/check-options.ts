import type { ModelSettings } from './emulator-options.js';
import type { LimiterKind } from './model/limiter.js';
import { PLANS } from './model/plans.js';
import type { ResetFormat } from './model/reset-format.js';

const LIMITERS: Readonly<Record<LimiterKind, true>> = { fixed: true, sliding: true, bucket: true };
const RESET_FORMATS: Readonly<Record<ResetFormat, true>> = {
  'epoch-s': true,
  'epoch-ms': true,
  'delta-s': true,
  'http-date': true,
  iso: true,
};
const CONCURRENT_FROM = { created: true, confirmed: true };

const SPANS = ['statusIntervalMs', 'fileLifeMs', 'resultLifeMs', 'urlLifeMs'] as const;
const SWITCHES = [
  'confirmRaisesVersion',
  'confirmBody',
  'versionInEveryStatus',
  'enforceStatusInterval',
  'keepLog',
] as const;

const NONE_GIVEN = { createsPerDay: undefined, statusReadsPerMinute: undefined, concurrentJobs: undefined };
const OPTIONAL = 'otherRequestsPerMinute';

const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));

const finding = (name: string, value: unknown, allowed: string): string =>
  `${name} is ${shown(value)}; allowed: ${allowed}`;

const wordFinding = (name: string, value: unknown, words: object): readonly string[] =>
  typeof value === 'string' && Object.hasOwn(words, value)
    ? []
    : [finding(name, value, Object.keys(words).join(', '))];

const isFromZero = (value: unknown): boolean => typeof value === 'number' && value >= 0;

const speedFindings = (speed: number): readonly string[] =>
  Number.isFinite(speed) && speed > 0 ? [] : [finding('speed', speed, 'a number above 0')];

function planFindings(name: string, plan: unknown): readonly string[] {
  if (typeof plan !== 'object' || plan === null) return wordFinding(name, plan, PLANS);
  const limits = Object.entries({ ...NONE_GIVEN, ...plan });
  return limits
    .filter(([field, value]) => !isFromZero(value) && !(field === OPTIONAL && value === undefined))
    .map(([field, value]) => finding(`${name}.${field}`, value, 'a number from 0'));
}

/** @throws TypeError that names each option that is not allowed, and its allowed values */
export function checkModelOptions(settings: ModelSettings): void {
  const { plan, apiKeys, limiter, resetFormat, concurrentFrom, speed } = settings;
  const plans = apiKeys.flatMap((key, index) =>
    typeof key === 'string' || key.plan === undefined ? [] : planFindings(`apiKeys[${index}].plan`, key.plan),
  );
  const findings = [
    ...planFindings('plan', plan),
    ...plans,
    ...wordFinding('limiter', limiter, LIMITERS),
    ...wordFinding('resetFormat', resetFormat, RESET_FORMATS),
    ...wordFinding('concurrentFrom', concurrentFrom, CONCURRENT_FROM),
    ...speedFindings(speed),
    ...SPANS.filter((name) => !isFromZero(settings[name])).map((name) =>
      finding(name, settings[name], 'a number from 0, in ms'),
    ),
    ...SWITCHES.filter((name) => typeof settings[name] !== 'boolean').map((name) =>
      finding(name, settings[name], 'true, false'),
    ),
  ];
  if (findings.length > 0) throw new TypeError(findings.map((text) => `The emulator: ${text}`).join('\n'));
}

/** @throws TypeError for a speed that is not a number above 0 */
export function checkSpeed(speed: number): void {
  for (const text of speedFindings(speed)) throw new TypeError(`The emulator: ${text}`);
}

/** @throws TypeError if it is neither a function nor a span */
export function checkLatency(latencyMs: unknown): void {
  if (typeof latencyMs === 'function' || (isFromZero(latencyMs) && Number.isFinite(latencyMs))) return;
  throw new TypeError(
    `The emulator: ${finding('latencyMs', latencyMs, 'a number from 0, in ms, or a function')}`,
  );
}
