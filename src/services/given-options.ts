import { checkApiKey, checkBaseUrl, DEFAULT_BASE_URL } from './check-options.js';

type Environment = Readonly<Record<string, string | undefined>>;

const isEnvironment = (value: unknown): value is Environment => typeof value === 'object' && value !== null;

/** A variable of the environment, where there is a process and it may be asked: a page has none, and Deno may refuse. */
function variable(name: string): string | undefined {
  try {
    const process: unknown = Reflect.get(globalThis, 'process');
    const env: unknown =
      typeof process === 'object' && process !== null ? Reflect.get(process, 'env') : undefined;
    const value = isEnvironment(env) ? env[name] : undefined;
    return typeof value === 'string' && value.trim() !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The key that is meant: the option, else `CONVILYN_API_KEY`, and from nowhere else. @throws InvalidInputError */
export const apiKeyOf = (apiKey: unknown): string =>
  checkApiKey(apiKey === undefined ? variable('CONVILYN_API_KEY') : apiKey);

/** The base URL that is meant: the option, else `CONVILYN_BASE_URL`, else that of the reference. @throws InvalidInputError */
export const baseUrlOf = (baseUrl: unknown): string =>
  checkBaseUrl(baseUrl === undefined ? (variable('CONVILYN_BASE_URL') ?? DEFAULT_BASE_URL) : baseUrl);
