import { checkApiKey, checkBaseUrl, DEFAULT_BASE_URL } from '../../../services/check-options.js';
import type { CliIo } from '../cli-io.js';
import type { CommonFlags } from '../flags/flags.js';
import { apiKeyFrom, baseUrlFrom, isKeyInClear } from '../flags/settings.js';
import { errorReport } from '../say/error-report.js';
import { type CheckName, type Finding, ok, warning, wrong } from './finding.js';

/** The finding and the value; no value if it cannot be used. */
export interface Checked<Value> {
  readonly finding: Finding;
  readonly value?: Value;
}

const refused = (check: CheckName, error: unknown): Checked<never> => {
  const { message, advice, exitCode } = errorReport(error);
  return { finding: wrong(check, message, advice, exitCode) };
};

/** Whether a key is set and can be sent. No part of it is shown (law 5, never leaked). */
export function checkKey({ env }: Pick<CliIo, 'env'>): Checked<string> {
  try {
    const value = checkApiKey(apiKeyFrom(env));
    return {
      value,
      finding: ok('key', `CONVILYN_API_KEY is set (${value.length} characters) and can be sent`),
    };
  } catch (error) {
    return refused('key', error);
  }
}

/** Which server is used, and whether the key is sent to it encrypted. */
export function checkBase({ env }: Pick<CliIo, 'env'>, flags: Pick<CommonFlags, 'baseUrl'>): Checked<URL> {
  const asked = baseUrlFrom(flags.baseUrl, env);
  try {
    const text = checkBaseUrl(asked ?? DEFAULT_BASE_URL);
    const value = new URL(text);
    const from = flags.baseUrl === undefined ? ' (CONVILYN_BASE_URL)' : ' (--base-url)';
    const shown = `${text}${asked === undefined ? ' (the default)' : from}`;
    if (!isKeyInClear(text)) return { value, finding: ok('base-url', shown) };
    const cure = 'Use an https: URL: as it is, everybody on the way can read the key.';
    return { value, finding: warning('base-url', `${shown}: the key would be sent unencrypted`, cure) };
  } catch (error) {
    return refused('base-url', error);
  }
}
