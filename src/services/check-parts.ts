import { refuseInput } from './refuse-input.js';

/** The functions and objects that an option takes. */
interface PartShape {
  readonly words: string;
  readonly isFit: (value: unknown) => boolean;
}

const isFunction = (value: unknown): boolean => typeof value === 'function';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const FUNCTION: PartShape = { words: 'a function', isFit: isFunction };
const OBJECT: PartShape = { words: 'an object', isFit: isObject };
const OBSERVER: PartShape = {
  words: 'a function or an object',
  isFit: (value) => isFunction(value) || isObject(value),
};
/** The methods of a class count, too. */
const withMethods = (...names: readonly string[]): PartShape => ({
  words: `an object with ${names.join(', ')}`,
  isFit: (value) => isObject(value) && names.every((name) => isFunction(Reflect.get(value, name))),
});

/** By the name of the option, which means the same at every door. */
const SHAPES = Object.entries<PartShape>({
  logger: OBJECT,
  telemetry: OBJECT,
  ports: OBJECT,
  snapshot: OBJECT,
  trace: {
    words: 'a path or an object',
    isFit: (value) => isObject(value) || (typeof value === 'string' && value !== ''),
  },
  inspect: OBSERVER,
  clock: withMethods('now', 'schedule'),
  budget: withMethods('mayAt', 'observe'),
  store: withMethods('save', 'load', 'list', 'acquireLease'),
  random: FUNCTION,
  beforeEffect: FUNCTION,
  allowUrl: FUNCTION,
  openFile: FUNCTION,
  onRequest: FUNCTION,
  onExchange: FUNCTION,
  onWarning: FUNCTION,
});

const shown = (value: unknown): string =>
  value === null || typeof value === 'boolean' ? String(value) : `of type ${typeof value}`;

/**
 * Validates the functions and objects among the options of a host: `logger: verbose && console` is false, and calling that would
 * end the host's process long after the option was given (law 6, never silent). Undefined ones count as missing.
 * @throws InvalidInputError that names each option and what is allowed
 */
export function checkParts(options: object): void {
  const findings = SHAPES.flatMap(([name, { words, isFit }]) => {
    const value: unknown = Reflect.get(options, name);
    return value === undefined || isFit(value)
      ? []
      : [`${name} is ${shown(value)}; allowed is ${words}, or left out`];
  });
  if (findings.length > 0) refuseInput(findings, 'Fix the options and start again; nothing was sent.');
}
