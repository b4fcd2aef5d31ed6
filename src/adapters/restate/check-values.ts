import { valueShown } from '../../machines/question/slot-value.js';
import { refuseInput } from '../../services/refuse-input.js';

/** @throws InvalidInputError if the options are not an object */
export function checkOptions(options: unknown): void {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return;
  refuseInput(
    [`the options are ${valueShown(options)}; allowed is an object`],
    'Fix them; nothing was sent.',
  );
}

/** A URL of http or https, or left out. */
export const isHttpUrl = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));

/** The engine addresses jobs and keys by a segment of a path, and every client of HTTP resolves these two. */
export const isSegment = (name: unknown): boolean => name !== '.' && name !== '..';
