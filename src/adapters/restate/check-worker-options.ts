import { checkLaneOptions } from '../../engine/lane/check-lane-options.js';
import { valueShown } from '../../machines/question/slot-value.js';
import { checkTimeouts } from '../../services/check-numbers.js';
import { checkBaseUrl } from '../../services/check-options.js';
import { checkParts } from '../../services/check-parts.js';
import { refuseInput } from '../../services/refuse-input.js';
import { addressUrlFault, checkOptions } from './check-values.js';
import type { GoalWorkerOptions } from './worker-options.js';

const isKeys = (keys: unknown): boolean =>
  typeof keys === 'function' || (typeof keys === 'object' && keys !== null && !Array.isArray(keys));

const isTarget = (results: unknown): boolean =>
  results === undefined || typeof results === 'function' || (typeof results === 'string' && results !== '');

const isList = (keys: unknown): boolean =>
  keys === undefined || (Array.isArray(keys) && keys.every((key) => typeof key === 'string' && key !== ''));

/** Of an object of keys only the names are shown (law 5, never leaked). */
const keyless = (keys: GoalWorkerOptions['keys']): readonly string[] =>
  typeof keys === 'function' || typeof keys.keyOf === 'function'
    ? []
    : Object.entries<unknown>({ ...keys }).flatMap(([name, key]) =>
        typeof key === 'string' && key.trim() !== '' ? [] : [name],
      );

function findingsIn({ keys, results, identityKeys, ingress }: GoalWorkerOptions): readonly string[] {
  const findings: string[] = [];
  if (!isKeys(keys))
    findings.push(
      `keys is ${valueShown(keys)}; allowed is an object (name → key), a function, or what keysFromEnv and keysFromFile return`,
    );
  else
    for (const name of keyless(keys))
      findings.push(`keys.${name} is not a key; allowed is a text that is not empty`);
  const fault = ingress === undefined ? undefined : addressUrlFault(ingress);
  if (fault !== undefined) findings.push(`ingress ${fault}; allowed is the URL of the engine, or left out`);
  if (!isTarget(results))
    findings.push(`results is ${valueShown(results)}; allowed is a directory or a function, or left out`);
  if (!isList(identityKeys))
    findings.push('identityKeys is not a list of keys; allowed is a list of texts, or left out');
  return findings;
}

/** @throws InvalidInputError that names each option of a worker that cannot be meant, and what is allowed */
export function checkWorkerOptions(options: GoalWorkerOptions): void {
  checkOptions(options);
  const { plan, concurrency, uploadsAtOnce, requestTimeoutMs, baseUrl } = options;
  checkParts(options);
  const findings = findingsIn(options);
  if (findings.length > 0) refuseInput(findings, 'Fix the options and start again; nothing is served.');
  checkLaneOptions({ plan, concurrency, uploadsAtOnce });
  checkTimeouts({ requestTimeoutMs });
  if (baseUrl !== undefined) checkBaseUrl(baseUrl);
}
