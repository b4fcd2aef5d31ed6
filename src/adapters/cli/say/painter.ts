/** A colour that means something; `none`: as it is. */
export type Paint = 'green' | 'yellow' | 'red' | 'none';

const CODES: Readonly<Record<Exclude<Paint, 'none'>, number>> = { red: 31, green: 32, yellow: 33 };

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Whether a stream gets colours: `NO_COLOR` turns them off and `FORCE_COLOR` on (`0` and `false`: off), otherwise terminals have
 * them. `FORCE_COLOR` is the more specific wish, as in Node.
 */
export function hasColors({ isTTY }: { readonly isTTY?: boolean | undefined }, env: Env): boolean {
  const { FORCE_COLOR: force, NO_COLOR: none = '' } = env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return none === '' && isTTY === true && env.TERM !== 'dumb';
}

/** Paints a text, if its stream has colours. */
export type Painter = (paint: Paint, text: string) => string;

export const createPainter = (stream: Parameters<typeof hasColors>[0], env: Env): Painter => {
  const isOn = hasColors(stream, env);
  return (paint, text) => (isOn && paint !== 'none' ? `\u001b[${CODES[paint]}m${text}\u001b[39m` : text);
};
